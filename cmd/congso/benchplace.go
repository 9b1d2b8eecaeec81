package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"

	"congso/store"
)

// benchPlace is where a portal that is measured keeps what it has.
type benchPlace struct {
	folder   string
	database string // "" for SQLite in the folder
}

// benchSchemaMark tells a schema of a measurement from one with real records. It holds the version of its texts.
const benchSchemaMark = "congso bench " + benchVersion

// places are the portals of so many items: the one that is measured, and the one on SQLite that it takes turns with, nil when it is that.
func (b *bench) places(items int) (measured benchPlace, beside *benchPlace) {
	lite := benchPlace{folder: filepath.Join(b.folder, fmt.Sprintf("items-%d", items))}
	if b.plan.database == "" {
		return lite, nil
	}
	return benchPlace{filepath.Join(b.folder, fmt.Sprintf("postgres-items-%d", items)), b.databases[items]}, &lite
}

// fill fills the portals of so many items.
func (b *bench) fill(ctx context.Context, items int) (err error) {
	if b.plan.database != "" {
		if b.databases[items], err = store.OwnSchema(ctx, b.plan.database, b.schema(items), benchSchemaMark); err != nil {
			return err
		}
	}
	measured, beside := b.places(items)
	if beside != nil {
		if err := fillBench(ctx, *beside, items, b.progress); err != nil {
			return err
		}
	}
	return fillBench(ctx, measured, items, b.progress)
}

// schema is the name of the schema for so many items: one that is kept has the same in each run.
func (b *bench) schema(items int) string {
	if b.plan.folder != "" {
		return fmt.Sprintf("congso_bench_%d", items)
	}
	return fmt.Sprintf("congso_bench_%d_%016x", items, b.run)
}

// dropThrownAway takes away the schemas that are not kept.
func (b *bench) dropThrownAway(ctx context.Context) (err error) {
	if b.plan.folder != "" {
		return nil
	}
	for items := range b.databases {
		err = errors.Join(err, store.DropSchema(ctx, b.plan.database, b.schema(items), benchSchemaMark))
	}
	return err
}

// newBench is a run that is about to begin.
func newBench(plan benchPlan) *bench {
	return &bench{plan: plan, core: -1, folder: plan.folder, databases: map[int]string{}, run: rand.Uint64()}
}
