package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// backupAge is how old the last backup may be where none are scheduled.
const backupAge = 7 * 24 * time.Hour

// backup looks at how old the last backup is and how it went.
func (e *examination) backup(ctx context.Context) (string, error) {
	b, err := e.store.BackupState(ctx)
	if err != nil {
		return "", err
	}
	const cure = "congso backup DIR now; set backup-dir and backup-at, and the portal makes one each day"
	age := e.now().Sub(b.At)
	switch {
	case e.demo && b.At.IsZero():
		e.note("backup", levelNote, "", "these are sample data, of which nobody needs a backup", "none")
		return "", nil
	case b.Error != "":
		e.note("backup", levelProblem, "", fmt.Sprintf("the last backup failed (%s): %s", moment(b.Tried), b.Error), "mend that; then congso backup DIR")
	case b.At.IsZero():
		e.note("backup", levelWarning, "", "there has never been a backup", cure)
	case b.Late(e.now()):
		e.note("backup", levelProblem, b.File, fmt.Sprintf("the last backup is of %s: two scheduled ones in a row are wanting", moment(b.At)), "start the portal and look into its log for “backup”; or congso backup DIR")
	case b.Every == 0 && age > backupAge:
		e.note("backup", levelWarning, b.File, fmt.Sprintf("the last backup is %d days old, and none are scheduled", int(age.Hours()/24)), cure)
	}
	if _, err := os.Stat(b.File); b.File != "" && errors.Is(err, fs.ErrNotExist) {
		e.note("backup-gone", levelWarning, b.File, "the last backup is no longer where it was written", "if it was moved to another place on purpose, all is well; else congso backup DIR")
	}
	if b.Missing > 0 {
		e.note("backup-incomplete", levelWarning, b.File, fmt.Sprintf("%d files that the records name were not there when it was made", b.Missing), "mend what is said of media; then congso backup DIR")
	}
	return fmt.Sprintf("of %s, %s, %s", moment(b.At), fileSize(b.Bytes), b.File), nil
}

// certificate looks at when the certificate ends.
func (e *examination) certificate(context.Context) (string, error) {
	end, err := certificateExpiry(e.config)
	cure := "install a new one: congso config tls CERT KEY"
	if e.config.ACME != "" {
		cure = "it should have been renewed by itself: see that this machine reaches the authority and that the authority reaches it, and look into the log for “certificate”"
	}
	left := end.Sub(e.now())
	switch {
	case errors.Is(err, errNoCertificate) && e.config.ACME != "":
		e.note("certificate", levelWarning, "", "no certificate has been fetched yet", cure)
	case errors.Is(err, errNoCertificate):
		return "the portal serves no HTTPS by itself", nil
	case err != nil:
		e.note("certificate", levelProblem, e.config.Cert, "it cannot be read: "+err.Error(), cure)
	case left < 0:
		e.note("certificate", levelProblem, e.config.Cert, "it ended on "+moment(end)+": browsers refuse the portal", cure)
	case left < soon:
		e.note("certificate", levelWarning, e.config.Cert, fmt.Sprintf("it ends in %d days (%s)", int(left.Hours()/24), moment(end)), cure)
	}
	return "good until " + moment(end), nil
}
