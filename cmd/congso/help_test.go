package main

import (
	"errors"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestMistypedCommand: no mistyped line passes for done, and each says where to read on.
func TestMistypedCommand(t *testing.T) {
	for line, want := range map[string]string{
		"sevre":         "serve",
		"user lsit":     "see 'congso user --help'",
		"audit verfy":   "see 'congso audit --help'",
		"content chekc": "see 'congso content --help'",
		"service stat":  "see 'congso service --help'",
		"config sett":   "see 'congso config --help'",
		"restore":       "congso restore FILE",
		"user add":      "congso user add NAME",
		"backup --ful":  "see 'congso backup --help'",
		"status all":    "see 'congso status --help'",
	} {
		t.Run(line, func(t *testing.T) {
			congsotest.MustContain(t, "the error", fail(t, nil, strings.Fields(line)...).Error(), want)
		})
	}
}

// TestHelp: without arguments every command stands in a group, and a command's own flags are not lost among the settings.
func TestHelp(t *testing.T) {
	out, err := exec.Command(congsotest.Program(t)).Output()
	if err != nil {
		t.Fatal(errors.Join(err, errors.New(string(out))))
	}
	if extra := regexp.MustCompile(`(?s)Additional Commands:\n(.*?)\n\n`).FindStringSubmatch(string(out)); extra == nil || len(strings.Split(extra[1], "\n")) != 2 {
		t.Errorf("commands without a group in\n%s", out)
	}
	congsotest.MustContain(t, "congso", string(out), "/etc/congso/congso.env", "congso help serve", "Keep the records:")
	help := runs(t, nil, "backup", "--help")
	congsotest.MustContain(t, "congso backup --help", help, "--keep", "--data", "--config")
	congsotest.MustLack(t, "congso backup --help", help, "--max-pixels", "--acme")
}

// TestRefusalsTellTheCure: what was forgotten or mistyped in an otherwise known line is named with what would do.
func TestRefusalsTellTheCure(t *testing.T) {
	for line, want := range map[string]string{
		"user list": "set --data or CONGSO_DATA, or name the file of settings with --config",
		"user add hoa.tran --role boss --data " + t.TempDir(): `--role "boss" is none of staff, author, editor and admin`,
	} {
		t.Run(line, func(t *testing.T) {
			congsotest.MustContain(t, "the error", fail(t, nil, strings.Fields(line)...).Error(), want)
		})
	}
}
