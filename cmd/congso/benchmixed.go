package main

import (
	"context"
	"io"
)

func (b *bench) runMixed(ctx context.Context, out io.Writer) error { return ctx.Err() }
