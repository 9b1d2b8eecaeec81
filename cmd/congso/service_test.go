package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kardianos/service"

	"congso/cmd/congso/congsotest"
)

func TestSupervised(t *testing.T) {
	t.Run("stopped by the manager", func(t *testing.T) {
		stopped := errors.New("what the program says at its end")
		w := &supervised{run: func(ctx context.Context) error { <-ctx.Done(); return stopped }, failed: func(err error) { t.Errorf("failed: %v", err) }}
		if err := w.Start(nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Stop(nil); !errors.Is(err, stopped) {
			t.Errorf("stop: %v", err)
		}
	})
	t.Run("ended by itself", func(t *testing.T) {
		inUse, told := errors.New("port in use"), make(chan error)
		w := &supervised{run: func(context.Context) error { return inUse }, failed: func(err error) { told <- err }}
		if err := w.Start(nil); err != nil {
			t.Fatal(err)
		}
		if err := <-told; !errors.Is(err, inUse) {
			t.Errorf("told %v", err)
		}
	})
}

func TestWindowsService(t *testing.T) {
	got := windowsService(`C:\Program Files\congso\congso.exe`)
	want := &service.Config{
		Name: "congso", DisplayName: "Cổng Sở (congso)", Description: "The portal of a provincial department",
		Executable: `C:\Program Files\congso\congso.exe`, Arguments: []string{"serve"}, UserName: `NT SERVICE\congso`,
		Option: service.KeyValue{"StartType": "automatic", "DelayedAutoStart": true, "OnFailure": "restart", "OnFailureDelayDuration": "5s", "OnFailureResetPeriod": 600},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestExampleSettings reads the file that a new machine gets: as it stands, and with every example in it made a setting.
func TestExampleSettings(t *testing.T) {
	values := func(text string) map[string]string {
		t.Helper()
		name := filepath.Join(t.TempDir(), "congso.env")
		congsotest.WriteFile(t, name, text)
		lines, err := readConfigFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for name, line := range lines {
			found[name] = line.value
		}
		return found
	}
	home := `C:\ProgramData\congso`
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"Linux": {exampleSettings, map[string]string{"data": "/var/lib/congso", "listen": "127.0.0.1:8080", "backup-dir": "/var/backups/congso", "backup-at": "02:30", "metrics-listen": "127.0.0.1:9180"}},
		"Windows": {strings.ReplaceAll(windowsSettings(exampleSettings, home), "\n", "\r\n"), map[string]string{"data": home + `\data`, "listen": "127.0.0.1:8080",
			"backup-dir": home + `\backup`, "backup-at": "02:30", "metrics-listen": "127.0.0.1:9180", "log-file": home + `\log\congso.log`}},
	} {
		if diff := cmp.Diff(c.want, values(c.text)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if text := windowsSettings(exampleSettings, home); strings.Contains(text, "/var/") || strings.Contains(text, "/etc/") {
		t.Errorf("folders of Linux in the settings of Windows:\n%s", text)
	}
	all := values(strings.ReplaceAll(exampleSettings, "\n#CONGSO_", "\nCONGSO_"))
	for _, s := range new(Config).settings() {
		if _, ok := all[s.name]; !ok {
			t.Errorf("the example does not name %s", s.variable())
		}
		delete(all, s.name)
	}
	if len(all) > 0 {
		t.Errorf("unknown: %v", all)
	}
}
