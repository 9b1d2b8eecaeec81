package admin

import (
	"testing"

	"congso/content"
)

func TestPictureName(t *testing.T) {
	for want, p := range map[string]content.ImportedPicture{
		"le-khai-truong.jpg": {Name: "image1.jpg", Caption: "Lễ khai trương", Alt: "Băng đỏ"},
		"bang-do.png":        {Name: "image2.png", Alt: "Băng đỏ"},
		"image3.png":         {Name: "image3.png"},
		"image4.png":         {Name: "image4.png", Caption: "…"},
		"mot-hai-ba-bon-nam-sau-bay-tam-chin-muoi.gif": {Name: "image5.gif", Caption: "Một hai ba bốn năm sáu bảy tám chín mười mười một"},
	} {
		if got := pictureName(p); got != want {
			t.Errorf("pictureName(%+v) = %q, want %q", p, got, want)
		}
	}
}
