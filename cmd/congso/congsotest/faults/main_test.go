package faults

import (
	"testing"

	"congso/cmd/congso/congsotest"
)

func TestMain(m *testing.M) { congsotest.Main(m) }
