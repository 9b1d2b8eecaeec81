package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReadmeNamesDependencies: each module that go.mod requires directly has its reason in the README, and no other has.
func TestReadmeNamesDependencies(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## Dependencies\n")
	section, _, _ = strings.Cut(section, "\n## ")
	required := directModules(t)
	var told []string
	for line := range strings.Lines(section) {
		row := strings.Split(line, "|")
		if len(row) != 4 || !strings.Contains(row[1], "`") {
			continue
		}
		if strings.TrimSpace(row[2]) == "" {
			t.Errorf("no reason: %s", line)
		}
		for i, part := range strings.Split(row[1], "`") {
			if i%2 == 1 {
				told = append(told, part)
			}
		}
	}
	slices.Sort(told)
	if !slices.Equal(required, told) {
		t.Errorf("go.mod requires\n%q, README tells of\n%q", required, told)
	}
}

// directModules are the modules that go.mod requires for what this module imports, but for the tools.
func directModules(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) == 2 && strings.HasPrefix(fields[1], "v") {
			modules = append(modules, fields[0])
		}
	}
	slices.Sort(modules)
	return modules
}

// TestReadmeNamesCommands: each subcommand has a line in the README.
func TestReadmeNamesCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commandPaths(newCommand(nil)) {
		group, last, _ := strings.Cut(c, " ") // a row may name the second and third command of a group by their last words
		if !strings.Contains(string(readme), "`congso "+c) && !(last != "" && strings.Contains(string(readme), "`congso "+group+" ") && strings.Contains(string(readme), "`"+last)) {
			t.Errorf("README does not tell of %q", c)
		}
	}
}
