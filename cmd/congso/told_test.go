package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// handbooks is the text of all parts of the handbooks by file.
func handbooks(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../content/articles/vi/so-tay/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no handbooks: %v", err)
	}
	texts := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(data)
	}
	return texts
}

// commandPaths are the subcommands as they are typed after the program's name, but for those that cobra adds.
func commandPaths(root *cobra.Command) []string {
	var paths []string
	for _, c := range root.Commands() {
		if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.Runnable() {
			paths = append(paths, strings.TrimPrefix(c.CommandPath(), "congso "))
		}
		paths = append(paths, commandPaths(c)...)
	}
	return paths
}

// TestHandbookNamesCommands: the operators read of every command and of every setting.
func TestHandbookNamesCommands(t *testing.T) {
	all := ""
	for _, text := range handbooks(t) {
		all += text
	}
	for _, path := range commandPaths(newCommand(nil)) {
		if !regexp.MustCompile(`congso ` + regexp.QuoteMeta(path) + `\b`).MatchString(all) {
			t.Errorf("the handbooks do not tell of congso %s", path)
		}
	}
	var config Config
	for _, s := range config.settings() {
		if !strings.Contains(all, "| `"+s.name+"` |") {
			t.Errorf("the table of settings lacks %s", s.name)
		}
	}
}

var (
	codeSpan   = regexp.MustCompile("(?s)```[a-z]*\n.*?```|`[^`\n]+`")
	invocation = regexp.MustCompile(`(?m)(?:^|[|;&] *)(?:CONGSO_\S+ +)?(?:[./\\]|/usr/bin/)*congso((?: +[^\s|;&>#]+)+)`)
	aFlag      = regexp.MustCompile(`^--[a-z][a-z-]*`)
)

// TestHandbookCommandsExist: each command line of ours in the handbooks and in the README names commands and flags that there are.
func TestHandbookCommandsExist(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := handbooks(t)
	texts["README.md"] = string(readme)
	found := 0
	for file, text := range texts {
		for _, code := range codeSpan.FindAllString(text, -1) {
			code = strings.Trim(code, "`")
			for _, m := range invocation.FindAllStringSubmatch(code, -1) {
				found++
				checkInvocation(t, file, strings.Fields(m[1]))
			}
			if flag := aFlag.FindString(code); flag != "" && !knownFlag(newCommand(nil), flag[2:]) {
				t.Errorf("%s names %s, which no command has", file, flag)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d command lines found", found)
	}
}

// checkInvocation looks up the words after the program's name. Flags of a command line are those of its command.
func checkInvocation(t *testing.T, file string, words []string) {
	t.Helper()
	root := newCommand(nil)
	plain := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.HasPrefix(w, "-") })
	command, _, err := root.Find(plain)
	if err != nil || command == root && len(plain) > 0 {
		t.Errorf("%s: congso %s: no such command", file, strings.Join(words, " "))
		return
	}
	for _, word := range words {
		flag := aFlag.FindString(word)
		if flag != "" && flag != "--help" && command.Flags().Lookup(flag[2:]) == nil && command.InheritedFlags().Lookup(flag[2:]) == nil {
			t.Errorf("%s: congso %s has no %s", file, command.Name(), flag)
		}
	}
}

func knownFlag(c *cobra.Command, name string) bool {
	return c.Flags().Lookup(name) != nil || slices.ContainsFunc(c.Commands(), func(sub *cobra.Command) bool { return knownFlag(sub, name) })
}

var (
	findingCode = regexp.MustCompile(`\.note\("([a-z-]+)"`)
	toldCode    = regexp.MustCompile("`([a-z-]+)`")
	metricName  = regexp.MustCompile(`congso_[a-z_]+`)
)

// sources is the text of this package's files, without tests, whose names begin so.
func sourcesOf(t *testing.T, patterns ...string) string {
	t.Helper()
	text := ""
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(file, "_test.go") {
				text += string(data)
			}
		}
	}
	return text
}

// TestHandbookTellsOfFindings: each code of the doctor has its line, and each line is about a code of the doctor.
func TestHandbookTellsOfFindings(t *testing.T) {
	var codes, told []string
	for _, m := range findingCode.FindAllStringSubmatch(sourcesOf(t, "doctor*.go"), -1) {
		codes = append(codes, m[1])
	}
	for line := range strings.Lines(handbooks(t)["kham-cong.md"]) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			for _, m := range toldCode.FindAllStringSubmatch(cells[1], -1) {
				told = append(told, m[1])
			}
		}
	}
	slices.Sort(codes)
	slices.Sort(told)
	if codes = slices.Compact(codes); !slices.Equal(codes, told) {
		t.Errorf("the doctor finds\n%q, the handbook tells of\n%q", codes, told)
	}
}

// TestHandbookNamesFigures: each figure that the handbook has somebody watched for is one that is shown.
func TestHandbookNamesFigures(t *testing.T) {
	shown := sourcesOf(t, "*.go", "../../handlers/*.go")
	names := metricName.FindAllString(handbooks(t)["theo-doi.md"], -1)
	for _, name := range names {
		if !strings.Contains(shown, `"`+name) {
			t.Errorf("no figure is called %s", name)
		}
	}
	if len(names) < 5 {
		t.Errorf("only %q found", names)
	}
}
