// Package drawing paints the pictures of the sample data: landscapes, rooms, charts and maps, each by its name.
package drawing

import (
	"fmt"
	"image"
)

// Draw draws the named picture of the demo, 1200×675 pixels, the same at every call.
// A name that is not in the list is an error.
func Draw(name string) (image.Image, error) {
	compose := pictureComposition(name)
	if compose == nil {
		return nil, fmt.Errorf("picture %q: unknown name", name)
	}
	s := newSketch(name)
	compose(s)
	return s.img, nil
}

// pictureComposition gives the way to paint the named picture, or nil for an unknown name.
func pictureComposition(name string) func(*sketch) {
	return map[string]func(*sketch){
		"bieu-do-ho-so-truc-tuyen":     (*sketch).chartOnlineFiles,
		"bieu-do-thoi-gian-giai-quyet": (*sketch).chartHandlingTime,
		"bieu-do-hai-long":             (*sketch).chartSatisfaction,
		"bieu-do-lop-boi-duong":        (*sketch).chartCourses,
		"bieu-do-truy-cap":             (*sketch).chartVisits,
		"bieu-do-chi-tieu":             (*sketch).chartCriteria,
		"bieu-do-so-hoa":               (*sketch).chartDigitised,
		"ban-do-mot-cua":               (*sketch).mapOneStop,
		"ban-do-diem-thi":              (*sketch).mapExamSites,
		"ban-do-luu-tru":               (*sketch).mapArchive,
		"so-do-tru-so":                 (*sketch).diagramHall,
		"so-do-quy-trinh":              (*sketch).diagramProcess,
		"canh-song-ba-buoi-sang":       (*sketch).sceneRiverDawn,
		"canh-nui-sam":                 (*sketch).sceneMountains,
		"canh-bien-hon-nhan":           (*sketch).sceneIsland,
		"canh-dong-lua":                (*sketch).sceneRiceFields,
		"canh-cau-bac-qua-song":        (*sketch).sceneBridge,
		"canh-mua-thu":                 (*sketch).sceneAutumn,
		"canh-pho-phuong":              (*sketch).sceneStreet,
		"tru-so-ban-ngay":              (*sketch).sceneOfficeDay,
		"tru-so-buoi-toi":              (*sketch).sceneOfficeNight,
		"hoi-truong":                   (*sketch).sceneHall,
		"lop-hoc":                      (*sketch).sceneClassroom,
		"quay-mot-cua":                 (*sketch).sceneCounter,
		"phong-may":                    (*sketch).sceneComputers,
		"kho-luu-tru":                  (*sketch).sceneArchive,
		"co-va-hoa":                    (*sketch).sceneFlags,
		"le-trao-giai":                 (*sketch).sceneAwards,
		"trai-he-thanh-nien":           (*sketch).sceneCamp,
		"cay-xanh":                     (*sketch).scenePlanting,
	}[name]
}

// Known reports whether there is a picture of that name.
func Known(name string) bool { return pictureComposition(name) != nil }
