package congsotest

import (
	"os"
	"testing"
	"time"
)

// Moments are those at which commands are killed: so many, spread over how long the command takes. That is found out anew whenever one comes to
// its end before it is killed, as when the first was slowed down by other work; what ends is no moment.
type Moments struct {
	Want, Had, Tries int
	Whole            time.Duration
}

// More reports whether there is a moment left. Too few of them are a failure of the test.
func (m *Moments) More(t testing.TB) bool {
	t.Helper()
	if m.Had < m.Want && m.Tries == 2*m.Want+10 {
		t.Errorf("only %d of %d tries were killed before their end", m.Had, m.Tries)
		return false
	}
	return m.Had < m.Want
}

// Kill runs a command of the built program and kills it at the next moment. It reports whether it was still running.
func (m *Moments) Kill(t testing.TB, args ...string) bool {
	t.Helper()
	m.Tries++
	began := time.Now()
	r := Launch(t, nil, args...)
	select {
	case <-r.Ended:
		if r.Err != nil {
			t.Fatalf("%v\n%s%s", r.Err, r.Out, r.Log)
		}
		m.Whole = time.Since(began)
		return false
	case <-time.After(m.Whole * time.Duration(m.Had+1) / time.Duration(m.Want+1)):
	}
	r.Signal(t, os.Kill)
	<-r.Ended
	m.Had++
	return true
}

// Took is how long a command of the built program takes.
func Took(t testing.TB, args ...string) time.Duration {
	t.Helper()
	began := time.Now()
	r := Launch(t, nil, args...)
	if err := r.Wait(t); err != nil {
		t.Fatalf("%v\n%s%s", err, r.Out, r.Log)
	}
	return time.Since(began)
}
