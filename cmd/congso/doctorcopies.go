package main

import (
	"context"
	"fmt"

	"congso/store"
)

// copies compares the copies of the program that serve the same PostgreSQL database with one another.
func (e *examination) copies(ctx context.Context) (string, error) {
	all, ahead, err := e.store.AllCopies(ctx)
	if err != nil {
		return "", err
	}
	if own := (store.Copy{Name: "the machine's clock", Ahead: ahead}); own.ClockOff() {
		e.clockOff(own)
	}
	lives, names := 0, map[string]bool{}
	for _, c := range all {
		if !c.Lives() {
			e.note("copy-gone", levelNote, c.Name, "this copy of the portal has not been heard of for "+span(c.Silent)+", and did not say that it stops",
				"start it again; the views that it had not counted are in its data folder")
			continue
		}
		if lives++; c.ClockOff() {
			e.clockOff(c)
		}
		if names[c.Name] {
			e.note("copy-name", levelWarning, c.Name, "two copies of the portal have this name: the start of one ends what the other is doing for all",
				"give each machine a name of its own (hostnamectl set-hostname NAME), and restart the portal there")
		}
		names[c.Name] = true
		e.unlike(c, all)
	}
	if lives == 0 {
		return "", nil
	}
	return fmt.Sprintf("%d serve these records, with the same program and the same articles", lives), nil
}

func (e *examination) clockOff(c store.Copy) {
	e.note("copy-clock", levelWarning, c.Name, "it is "+c.Clock()+": what is to come out or to end does so at another time there",
		"let the clocks of all machines be kept right (timedatectl set-ntp true)")
}

// unlike notes in what c differs from the first of the copies that live.
func (e *examination) unlike(c store.Copy, all []store.Copy) {
	for _, first := range all {
		if !first.Lives() {
			continue
		}
		if c.Program != first.Program {
			e.note("copy-program", levelWarning, c.Name, fmt.Sprintf("it runs version %s, and %s version %s", c.Program, first.Name, first.Program), "install the same version on all machines, and restart the portal there")
		}
		if c.Content != first.Content {
			e.note("copy-articles", levelWarning, c.Name, "its articles are others than those of "+first.Name+": readers see one or the other", "copy the same content folder to all machines")
		}
		return
	}
}
