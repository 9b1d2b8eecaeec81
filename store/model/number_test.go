package model

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestGroup(t *testing.T) {
	for _, c := range []struct {
		n                   int64
		vietnamese, english string
	}{
		{0, "0", "0"},
		{999, "999", "999"},
		{1000, "1.000", "1,000"},
		{7500, "7.500", "7,500"},
		{-7500, "-7.500", "-7,500"},
		{-100, "-100", "-100"},
		{1234567, "1.234.567", "1,234,567"},
		{math.MaxInt64, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"},
		{math.MinInt64, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"},
	} {
		if got := Group(c.n); got != c.vietnamese {
			t.Errorf("Group(%d) = %q, want %q", c.n, got, c.vietnamese)
		}
		if got := GroupEnglish(c.n); got != c.english {
			t.Errorf("GroupEnglish(%d) = %q, want %q", c.n, got, c.english)
		}
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		typed   string
		want    Decimal
		shown   string
		english string
		float   float64
	}{
		{"3.600", "3600", "3.600", "3,600", 3600},
		{"71,5", "71.5", "71,5", "71.5", 71.5},
		{"1.234.567,8", "1234567.8", "1.234.567,8", "1,234,567.8", 1234567.8},
		{"42", "42", "42", "42", 42},
		{" 95\u00a0", "95", "95", "95", 95},
		{"3600", "3600", "3.600", "3,600", 3600},
		{"3600,25", "3600.25", "3.600,25", "3,600.25", 3600.25},
		{"3,600", "3.6", "3,6", "3.6", 3.6},
		{"1.5", "1.5", "1,5", "1.5", 1.5},
		{"1.25", "1.25", "1,25", "1.25", 1.25},
		{"1.2345", "1.2345", "1,2345", "1.2345", 1.2345},
		{"0.125", "0.125", "0,125", "0.125", 0.125}, // no number is grouped as 0.125
		{"0,5", "0.5", "0,5", "0.5", 0.5},
		{"71,50", "71.5", "71,5", "71.5", 71.5},
		{"71,00", "71", "71", "71", 71},
		{"007", "7", "7", "7", 7},
		{"0", "0", "0", "0", 0},
		{"-0,0", "0", "0", "0", 0},
		{"-2,25", "-2.25", "-2,25", "-2.25", -2.25},
		{"\u22123.600", "-3600", "-3.600", "-3,600", -3600},
	} {
		got, err := ParseDecimal(c.typed)
		if err != nil || got != c.want {
			t.Errorf("ParseDecimal(%q) = %q, %v, want %q", c.typed, got, err, c.want)
		}
		if got.Show() != c.shown || got.ShowEnglish() != c.english || got.Float() != c.float {
			t.Errorf("%q is shown as %q, %q, %v", got, got.Show(), got.ShowEnglish(), got.Float())
		}
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, typed := range []string{
		"", "-", "abc", "5%", "+5", "--5", "5-", ",5", ".5", "5,", "5.", "1,2,3", "1,234,567", "1.234.5", "1.23,5", "1234.567", "12.3456,7",
		"0.125.000", "01.234", "1..234", "1.234,", "1 234", "1e5", "NaN", "٣", strings.Repeat("9", 31),
	} {
		if got, err := ParseDecimal(typed); err == nil {
			t.Errorf("ParseDecimal(%q) = %q, want an error", typed, got)
		}
	}
}

func TestNoDecimal(t *testing.T) {
	var none Decimal
	if none.Show() != "" || none.ShowEnglish() != "" || none.Float() != 0 {
		t.Errorf("no number is shown as %q, %q, %v", none.Show(), none.ShowEnglish(), none.Float())
	}
}

func TestFileSize(t *testing.T) {
	for _, c := range []struct {
		n    int64
		want string
	}{
		{-1, "0 B"},
		{0, "0 B"},
		{1023, "1023 B"},
		{1024, "1 KB"},
		{340 << 10, "340 KB"},
		{1<<20 - 1, "1 MB"},
		{1 << 20, "1 MB"},
		{1258291, "1,2 MB"},
		{10 << 20, "10 MB"},
		{1<<30 - 1, "1 GB"},
		{1610612736, "1,5 GB"},
		{1 << 40, "1 TB"},
		{math.MaxInt64, "8.388.608 TB"},
	} {
		if got := FileSize(c.n); got != c.want {
			t.Errorf("FileSize(%d) = %q, want %q", c.n, got, c.want)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{"3.600", "71,5", "1.234.567,8", "1.5", "-2,25", "0.125", "-0,0", "007", "1,2,3", "", "\u22125"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		if err != nil {
			if d != "" {
				t.Errorf("ParseDecimal(%q) = %q with %v", s, d, err)
			}
			return
		}
		if again, err := ParseDecimal(d.Show()); err != nil || again != d {
			t.Errorf("ParseDecimal(%q) = %q, shown as %q, read as %q, %v", s, d, d.Show(), again, err)
		}
		if float, err := strconv.ParseFloat(string(d), 64); err != nil || float != d.Float() {
			t.Errorf("ParseDecimal(%q) = %q is no number: %v", s, d, err)
		}
		if strings.ReplaceAll(d.ShowEnglish(), ",", "") != string(d) {
			t.Errorf("%q is shown in English as %q", d, d.ShowEnglish())
		}
	})
}
