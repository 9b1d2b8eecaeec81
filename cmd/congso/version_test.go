package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os/exec"
	"regexp"
	"runtime"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestVersion: the built program tells what Go wrote into its file, and the SQLite that it carries.
func TestVersion(t *testing.T) {
	info, err := buildinfo.ReadFile(congsotest.Program(t))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(congsotest.Program(t), "version", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var got build
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	commit := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	if got.Go != info.GoVersion || got.OS != runtime.GOOS || got.Arch != runtime.GOARCH || got.Version == "" ||
		!regexp.MustCompile(`^`+commit+`(\+dirty)?$`).MatchString(got.Commit) || !regexp.MustCompile(`^3\.\d+\.\d+$`).MatchString(got.SQLite) {
		t.Errorf("%+v, built by %s from %q", got, info.GoVersion, commit)
	}
	text, err := exec.Command(congsotest.Program(t), "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the text", string(text), "congso "+got.Version+"\n", "SQLite  "+got.SQLite, got.OS+"/"+got.Arch)
}
