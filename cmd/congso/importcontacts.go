package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// importTableCommand takes what stands in a table of one format.
func importTableCommand(from sources, format string) *cobra.Command {
	command := &cobra.Command{Use: format, Short: "take over a list of contacts in " + strings.ToUpper(format)}
	command.AddCommand(importContactsCommand(from, format))
	return command
}

// contactFlags are those of an import of contacts.
type contactFlags struct {
	dry      bool
	newUnits bool
	whole    bool
	report   string
	as       string
}

func importContactsCommand(from sources, format string) *cobra.Command {
	var flags contactFlags
	command := &cobra.Command{
		Use:   "contacts FILE",
		Short: "take a list of contacts into the directory",
		Long: `Take a list of contacts into the directory, by the rules of the admin pages: columns are known by their headings, people by code, e-mail or
name and unit, units by code or name; nobody comes twice, and the same file again changes nothing. Mobile numbers are personal unless the file
says that they are official.

A row with a fault is named and left out, with --whole nothing comes then. What comes is one transaction. The exit code is 1 when there was
any fault.`,
		Args: cobra.ExactArgs(1),
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&flags.dry, "dry-run", false, "only show what would come, and change nothing")
	command.Flags().BoolVar(&flags.newUnits, "new-units", false, "make units that only people's rows name")
	command.Flags().BoolVar(&flags.whole, "whole", false, "take all rows or, when one has a fault, none")
	command.Flags().StringVar(&flags.report, "report", "", "file for the report as CSV")
	command.Flags().StringVar(&flags.as, "as", "", "account of an admin in whose name the contacts come; needed when there are several")
	command.RunE = func(command *cobra.Command, args []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		return flags.run(command, config, args[0], format)
	}
	return command
}

// run takes the contacts of a file, or shows what would come.
func (f contactFlags) run(command *cobra.Command, config Config, name, format string) error {
	file, err := readContactFile(name, format)
	if err != nil {
		return err
	}
	return asAdmin(command, config, f.as, func(s *store.Store, by model.User) error {
		return f.take(command, s, by, filepath.Base(name), file)
	})
}

// take takes the contacts of the file of that name, and reports.
func (f contactFlags) take(command *cobra.Command, s *store.Store, by model.User, name string, file content.ContactFile) (err error) {
	plan, err := s.PlanImport(command.Context(), file.Rows, f.newUnits)
	if err != nil {
		return err
	}
	report, err := newImportReport(command.OutOrStdout(), f.report)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, report.close()) }()
	for _, note := range file.Notes {
		report.line("warning  %s: %s", name, oneLine(note))
	}
	report.contacts(name, plan)
	if !f.newUnits && namesNewUnits(plan) {
		report.line("With --new-units, units that the directory lacks are made.")
	}
	plan.LeaveOut = !f.whole
	return f.apply(command, s, by, plan, report)
}

// apply writes the plan unless it is only shown, and says in the report's last line what came of it.
func (f contactFlags) apply(command *cobra.Command, s *store.Store, by model.User, plan model.ImportPlan, report *importReport) error {
	faults := plan.Count(model.ImportFault)
	add, change, same := plan.Count(model.ImportAdd), plan.Count(model.ImportChange), plan.Count(model.ImportSame)
	switch {
	case f.dry:
		report.line("%d rows would be added, %d would change a record, %d change nothing, %d cannot come. Nothing was changed.", add, change, same, faults)
	case f.whole && faults > 0:
		report.line("Nothing was changed: %d rows have faults.", faults)
	default:
		if add+change > 0 {
			if err := s.ApplyImport(command.Context(), by.Actor(), plan); err != nil {
				return err
			}
		}
		report.line("%d rows added, %d changed a record, %d changed nothing, %d left out by faults.", add, change, same, faults)
	}
	if faults > 0 {
		return outcome(1)
	}
	return nil
}

// readContactFile reads a file, at most a byte more than one may have. Its content says what it is; a name that says otherwise is a mistake.
func readContactFile(name, format string) (file content.ContactFile, err error) {
	opened, err := os.Open(name)
	if err != nil {
		return file, err
	}
	data, err := io.ReadAll(io.LimitReader(opened, content.MaxContactFile+1))
	if err = errors.Join(err, opened.Close()); err != nil {
		return file, err
	}
	if sheet := strings.HasPrefix(string(data[:min(len(data), 4)]), "PK\x03\x04"); sheet != (format == "xlsx") && len(data) > 0 {
		return file, fmt.Errorf("%s is no %s file", name, strings.ToUpper(format))
	}
	file, err = content.ReadContacts(data)
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		return file, fmt.Errorf("%s: %s", name, invalid["file"])
	}
	return file, err
}

// contacts is the table of what an import does, row by row.
func (r *importReport) contacts(name string, plan model.ImportPlan) {
	const form = "%6s  %-7s %-32s %s"
	r.line(form, "LINE", "", "RECORD", "CHANGES")
	for _, row := range plan.Rows {
		line := strconv.Itoa(row.Row.Line)
		place := name + ", dòng " + line
		says := append(changesOf(row), row.Notes...)
		if row.Outcome == model.ImportFault {
			r.faults++
			says = faultsOf(row)
		}
		r.line(form, line, string(row.Outcome), shortened(row.Record, 32), oneLine(strings.Join(says, "; ")))
		r.row(place, string(row.Outcome), row.Record, strings.Join(says, "; "), "", "")
	}
}

// changesOf says which fields change, and how; numbers only that they do, since they may be personal.
func changesOf(row model.ImportRow) (list []string) {
	for _, c := range row.Changes {
		switch {
		case slices.Contains([]string{"office", "mobile", "fax", "hotline", "email"}, c.Field):
			list = append(list, c.Label())
		case c.Before == "":
			list = append(list, c.Label()+": "+c.After)
		default:
			list = append(list, c.Label()+": "+c.Before+" → "+c.After)
		}
	}
	return list
}

// namesNewUnits reports whether a row is left out for nothing but its unit, which the directory lacks.
func namesNewUnits(plan model.ImportPlan) bool {
	return slices.ContainsFunc(plan.Rows, func(row model.ImportRow) bool {
		return len(row.Faults) == 1 && row.Faults["unit"] != "" && row.Row.Unit != "" && row.Row.Name != ""
	})
}

func faultsOf(row model.ImportRow) (list []string) {
	for _, column := range row.FaultColumns() {
		list = append(list, model.ContactLabel(column)+": "+row.Faults[column])
	}
	return list
}
