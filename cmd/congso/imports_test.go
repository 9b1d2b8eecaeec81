package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/cmd/congso/congsotest"
)

// mayImport is who may import whom among our own packages. A package that is not in it is a violation.
var mayImport = map[string]string{
	"cmd/congso":                       "cmd/congso/drawing cmd/congso/load cmd/congso/sitecopy handlers handlers/prometheus store store/model content",
	"cmd/congso/congsotest":            "store store/model store/storetest content",
	"cmd/congso/congsotest/accessible": "cmd/congso/congsotest",
	"cmd/congso/congsotest/copies":     "cmd/congso/congsotest",
	"cmd/congso/congsotest/desks":      "cmd/congso/congsotest content",
	"cmd/congso/congsotest/faults":     "cmd/congso/congsotest",
	"cmd/congso/congsotest/reading":    "cmd/congso/congsotest",
	"cmd/congso/congsotest/transfer":   "cmd/congso/congsotest cmd/congso/sitecopy content",
	"cmd/congso/drawing":               "",
	"cmd/congso/load":                  "",
	"cmd/congso/sitecopy":              "store/model",
	"handlers":                         "handlers/site handlers/admin handlers/middleware handlers/prometheus handlers/web store store/model content static views/sitepage views/i18n",
	"handlers/site":                    "handlers/web store store/model content views/sitepage views/feed views/i18n",
	"handlers/admin":                   "handlers/web store store/model content views/adminpage views/sitepage views/i18n",
	"handlers/middleware":              "handlers/web store store/model views/i18n",
	"handlers/prometheus":              "",
	"handlers/web":                     "store/model static views/layout views/i18n",
	"views/sitepage":                   "views/layout views/ui views/i18n store/model static",
	"views/adminpage":                  "views/layout views/ui views/i18n store/model static",
	"views/layout":                     "views/i18n store/model static",
	"views/ui":                         "views/i18n store/model static",
	"views/feed":                       "store/model",
	"views/i18n":                       "",
	"store":                            "store/bucket store/model",
	"store/bucket":                     "",
	"store/model":                      "",
	"store/storetest":                  "store store/model",
	"content":                          "store/model",
	"static":                           "",
	"static/pack":                      "",
}

// onlyUnder names libraries that one folder alone may know, by the beginning of their paths.
var onlyUnder = map[string]string{
	"github.com/labstack/": "handlers",
	"database/sql":         "store",
	"modernc.org/sqlite":   "store",
	"github.com/jackc/":    "store",
	"github.com/pressly/":  "store",
	"github.com/minio/":    "store/bucket",
}

// testHelpers is the package that, as tests do, looks into databases. The tests of the program alone may import it.
const testHelpers = "cmd/congso/congsotest"

// topLevel is all that may be seen at the top of the repository.
var topLevel = []string{"README.md", "cmd", "content", "go.mod", "go.sum", "handlers", "static", "store", "views"}

func TestHouse(t *testing.T) {
	found, packages, err := violations("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
	for _, must := range []string{"cmd/congso", "handlers/site", "store/model", "views/layout"} {
		if !slices.Contains(packages, must) {
			t.Errorf("%s was not looked at", must)
		}
	}
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topLevel, e.Name()) {
			t.Errorf("%s stands at the top of the repository", e.Name())
		}
	}
}

// TestHouseFails plants violations, one in each tree, to see that they are found.
func TestHouseFails(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"clean": {map[string]string{
			"static/static.go":    "package static\nimport \"embed\"\nvar files embed.FS\nvar names = []string{\"a\"}\nfunc f() { names := 1; names = 2; _ = names }",
			"views/ui/parts.go":   "package ui\nimport \"congso/static\"\nvar _ = static.URL",
			"store/store_test.go": "package store_test\nimport (\n\"congso/store\"\n\"congso/store/storetest\"\n)\nvar seen int\nfunc f() { seen++ }",
		}, nil},
		"a view that asks the store": {map[string]string{"views/ui/a.go": "package ui\nimport _ \"congso/store\""}, []string{"views/ui/a.go: imports congso/store"}},
		"a model with friends":       {map[string]string{"store/model/a.go": "package model\nimport _ \"congso/static\""}, []string{"store/model/a.go: imports congso/static"}},
		"test helpers in a program":  {map[string]string{"handlers/a.go": "package handlers\nimport _ \"congso/store/storetest\""}, []string{"handlers/a.go: imports congso/store/storetest"}},
		"the program's test helpers": {map[string]string{"cmd/congso/a.go": "package main\nimport _ \"congso/cmd/congso/congsotest\"", "cmd/congso/a_test.go": "package main\nimport _ \"congso/cmd/congso/congsotest\""},
			[]string{"cmd/congso/a.go: imports congso/cmd/congso/congsotest"}},
		"a test that reaches around": {map[string]string{"store/model/a_test.go": "package model\nimport _ \"congso/handlers\""}, []string{"store/model/a_test.go: imports congso/handlers"}},
		"an unknown package":         {map[string]string{"store/util/a.go": "package util"}, []string{"store/util: is not in the table"}},
		"a package at the top":       {map[string]string{"a.go": "package congso"}, []string{".: is not in the table"}},
		"Echo outside":               {map[string]string{"views/ui/a.go": "package ui\nimport _ \"github.com/labstack/echo/v4\""}, []string{"views/ui/a.go: github.com/labstack/echo/v4 belongs under handlers"}},
		"SQL outside":                {map[string]string{"handlers/site/a.go": "package site\nimport _ \"database/sql\"", "content/b.go": "package content\nimport _ \"modernc.org/sqlite\""}, []string{"content/b.go: modernc.org/sqlite belongs under store", "handlers/site/a.go: database/sql belongs under store"}},
		"init":                       {map[string]string{"content/a.go": "package content\nfunc init() {}"}, []string{"content/a.go: func init"}},
		"state": {map[string]string{
			"content/a.go": "package content\nimport \"sync\"\nvar count int\nvar mu sync.Mutex\nvar byName = map[string]int{}\nvar queue = make(chan int)\nvar calm = []int{1}",
			"content/b.go": "package content\nfunc f() { count++; byName[\"a\"] = 1 }",
		}, []string{"content: var byName is state", "content: var count is state", "content: var mu is state", "content: var queue is state"}},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for file, text := range c.files {
				congsotest.WriteFile(t, filepath.Join(root, file), text)
			}
			found, _, err := violations(root)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, found); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// violations reads every Go file under root and returns what breaks the rules of the house, sorted, and the packages looked at.
func violations(root string) (found, packages []string, err error) {
	files := map[string][]*ast.File{} // by package folder, tests left out
	set := token.NewFileSet()
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		file, err := parser.ParseFile(set, filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, test := path.Dir(name), strings.HasSuffix(name, "_test.go")
		found = append(found, importFaults(name, folder, test, file)...)
		if files[folder] == nil {
			files[folder] = []*ast.File{} // a package of tests alone is one too
		}
		if test {
			return nil
		}
		files[folder] = append(files[folder], file)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
				found = append(found, name+": func init")
			}
		}
		return nil
	})
	packages = slices.Sorted(maps.Keys(files))
	for _, folder := range packages {
		if _, known := mayImport[folder]; !known {
			found = append(found, folder+": is not in the table")
		}
		for _, name := range stateVars(files[folder]) {
			found = append(found, fmt.Sprintf("%s: var %s is state", folder, name))
		}
	}
	slices.Sort(found)
	return found, packages, err
}

// importFaults are the imports of a file that its folder may not have. A test may import its own package and the helpers for tests too.
func importFaults(name, folder string, test bool, file *ast.File) (found []string) {
	allowed := strings.Fields(mayImport[folder])
	if test {
		allowed = append(allowed, folder, "store", "store/model", "store/storetest")
		if folder == "cmd/congso" {
			allowed = append(allowed, testHelpers)
		}
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser would have refused it
		}
		if ours, ok := strings.CutPrefix(imported, "congso/"); ok && !slices.Contains(allowed, ours) {
			found = append(found, name+": imports "+imported)
		}
		for library, place := range onlyUnder {
			if strings.HasPrefix(imported, library) && folder != place && !strings.HasPrefix(folder, place+"/") && !test && folder != testHelpers {
				found = append(found, fmt.Sprintf("%s: %s belongs under %s", name, imported, place))
			}
		}
	}
	return found
}

// stateVars are the package-level variables of a package that hold state: those that a function assigns to, and those whose type or value
// is made to change. It reads names, not types, so a change through a pointer or a method escapes it.
func stateVars(files []*ast.File) []string {
	vars, state := map[string]bool{}, map[string]bool{}
	for _, spec := range packageVars(files) {
		for i, name := range spec.Names {
			vars[name.Name] = name.Name != "_"
			if madeToChange(spec.Type) || i < len(spec.Values) && madeToChange(spec.Values[i]) {
				state[name.Name] = true
			}
		}
	}
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				for name := range assigned(f) {
					state[name] = state[name] || vars[name]
				}
			}
		}
	}
	maps.DeleteFunc(state, func(_ string, held bool) bool { return !held })
	return slices.Sorted(maps.Keys(state))
}

func packageVars(files []*ast.File) (specs []*ast.ValueSpec) {
	for _, file := range files {
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				specs = append(specs, s.(*ast.ValueSpec))
			}
		}
	}
	return specs
}

// madeToChange reports whether a type or value is a lock, an atomic or something that make gives. A pool of buffers is none: nobody
// can tell from outside whether it remembers.
func madeToChange(e ast.Expr) bool {
	changes := false
	if e == nil {
		return false
	}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // its variables are its own
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok {
				changes = changes || pkg.Name == "atomic" || pkg.Name == "sync" && slices.Contains([]string{"Mutex", "RWMutex", "Map", "Once", "WaitGroup"}, n.Sel.Name)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "make" || f.Name == "new") {
				changes = true
			}
		}
		return true
	})
	return changes
}

// assigned are the names that a function assigns to without having declared them anywhere in itself.
func assigned(f *ast.FuncDecl) map[string]bool {
	names, own := map[string]bool{}, map[string]bool{}
	note := func(to map[string]bool, e ast.Expr) {
		if id, ok := rootOf(e).(*ast.Ident); ok {
			to[id.Name] = true
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, name := range n.Names {
				own[name.Name] = true
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				own[name.Name] = true
			}
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if n.Tok == token.DEFINE {
					note(own, e)
				} else {
					note(names, e)
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if n.Tok == token.DEFINE {
					note(own, e)
				} else {
					note(names, e)
				}
			}
		case *ast.IncDecStmt:
			note(names, n.X)
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(n.Args) > 0 {
				note(names, n.Args[0])
			}
		}
		return true
	})
	maps.DeleteFunc(names, func(name string, _ bool) bool { return own[name] })
	return names
}

// rootOf is the variable that an assignment to e changes: a of a.b[c].d.
func rootOf(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return e
		}
	}
}
