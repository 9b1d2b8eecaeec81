package transfer

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestScanFindsWhatImportsBring: what was planted on the old portal and can be read there comes with its pages, and is told at once; what
// was hidden, or would run, stays behind.
func TestScanFindsWhatImportsBring(t *testing.T) {
	t.Parallel()
	folder, pages := t.TempDir(), t.TempDir()
	congsotest.FurnishOn(t, folder, "")
	const planted = `<p>Tin thật. Soi kèo bóng đá tại <a href="https://%[1]s.example/">đây</a>.</p><div style="display:none"><a href="https://hidden.example/">w88</a></div>` +
		`<script>a()</script><iframe src="https://frame.example/"></iframe><p><a href="javascript:a()">x</a></p><p onclick="a()">Hết.</p>`
	old := makeOldPortal(t, t.TempDir(), 1, 64, wordPressPost(901, "post", "Bài cũ có lời lạ", fmt.Sprintf(planted, "wxr")))
	congsotest.WriteFile(t, filepath.Join(pages, "tin.html"), `<html><body><div id="dnn_ContentPane"><h1>Trang cũ có lời lạ</h1><span class="ChuyenMuc">Tin cơ sở</span>`+
		`<span class="NgayDang">05/07/2023 14:30</span><div class="NoiDung">`+fmt.Sprintf(planted, "html")+`</div></div></body></html>`)
	congsotest.Runs(t, nil, "import", "wxr", old.file, "--data", folder)
	congsotest.Runs(t, nil, "import", "html", pages, "--source", "https://so-cu.example", "--data", folder)
	r := congsotest.LaunchAsIs(t, nil, "scan", "--json", "--data", folder)
	if err := r.Wait(t); err == nil || err.Error() != "exit status 3" {
		t.Errorf("it ended with %v\n%s", err, r.Log)
	}
	var found struct {
		Findings []struct{ Kind, Title, Value string }
	}
	if err := json.Unmarshal([]byte(r.Out.String()), &found); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found.Findings {
		got = append(got, fmt.Sprintf("%s %s %s", f.Kind, f.Title, f.Value))
	}
	slices.Sort(got)
	want := []string{"host Bài cũ có lời lạ wxr.example", "host Trang cũ có lời lạ html.example", "word Bài cũ có lời lạ soi kèo bóng đá",
		"word Trang cũ có lời lạ soi kèo bóng đá"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
