package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// userActor is who the audit trail names for changes from the shell.
var userActor = model.Actor{Name: "congso user"}

// userCommand changes accounts, be it beside a running server.
func userCommand(from sources) *cobra.Command {
	parent := &cobra.Command{Use: "user", Short: "add, list and change the accounts of the admin pages"}
	read := from.bind(parent.PersistentFlags())
	add := func(use, short string, args int, run func(u users, args []string) error) *cobra.Command {
		command := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(args)}
		command.RunE = func(command *cobra.Command, args []string) (err error) {
			config, err := read()
			if err != nil {
				return err
			}
			u, err := openUsers(command, config)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, u.close()) }()
			return run(u, args)
		}
		parent.AddCommand(command)
		return command
	}
	add("list", "list the accounts", 0, users.list)
	add("passwd NAME", "give an account another password, read from the terminal or from the standard input", 1, users.passwd)
	add("disable NAME", "keep an account from being used, and end its sessions", 1, func(u users, args []string) error { return u.turn(args[0], true) })
	add("enable NAME", "let a disabled account be used again", 1, func(u users, args []string) error { return u.turn(args[0], false) })
	var next model.User
	command := add("add NAME", "add an account; its password is read from the terminal or from the standard input", 1, func(u users, args []string) error {
		next.Name = args[0]
		return u.add(next)
	})
	command.Flags().StringVar(&next.FullName, "full-name", "", "the person's full name")
	command.Flags().StringVar(&next.Email, "email", "", "e-mail")
	command.Flags().StringVar((*string)(&next.Role), "role", string(model.RoleAdmin), "staff, author, editor or admin")
	return parent
}

// users are the accounts of an open portal.
type users struct {
	ctx     context.Context
	store   *store.Store
	release func() error // the data folder
	in      io.Reader
	out     io.Writer
}

// openUsers opens the records, beside a server that holds the data folder if there is one.
func openUsers(command *cobra.Command, config Config) (u users, err error) {
	if err := config.Validate(); err != nil {
		return u, err
	}
	u = users{ctx: command.Context(), release: func() error { return nil }, in: command.InOrStdin(), out: command.OutOrStdout()}
	options := store.Options{Dir: config.Data, Database: config.Database, Media: config.media(), Renderer: content.Renderer(), Log: slog.New(slog.DiscardHandler)}
	lock, err := lockFolder(config.Data)
	switch {
	case errors.Is(err, errInUse):
		options.Beside = true
	case err != nil:
		return u, err
	default:
		u.release = lock.Unlock
	}
	if u.store, err = store.Open(u.ctx, options); err != nil {
		return u, errors.Join(err, u.release())
	}
	return u, nil
}

func (u users) close() error { return errors.Join(u.store.Close(), u.release()) }

func (u users) list([]string) error {
	list, _, err := u.store.Users(u.ctx, store.UserFilter{}, 1, 100_000)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(u.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tROLE\tSTATE\tSECOND FACTOR\tFULL NAME")
	for _, user := range list {
		state, factor := "active", "no"
		if user.Disabled {
			state = "disabled"
		}
		if user.Factor {
			factor = "yes"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", user.Name, user.Role, state, factor, user.FullName)
	}
	return table.Flush()
}

func (u users) add(next model.User) error {
	if next.FullName == "" {
		next.FullName = next.Name
	}
	if !slices.Contains(model.Roles(), next.Role) {
		return fmt.Errorf("--role %q is none of staff, author, editor and admin", next.Role)
	}
	if err := next.Validate(); err != nil {
		return err
	}
	password, err := u.password(next)
	if err != nil {
		return err
	}
	if err := u.store.PutUser(u.ctx, userActor, &next); err != nil {
		return err
	}
	if err := u.store.SetPassword(u.ctx, userActor, next.ID, password, ""); err != nil {
		return err
	}
	fmt.Fprintf(u.out, "Added %s (%s).\n", next.Name, next.Role)
	return nil
}

func (u users) passwd(args []string) error {
	user, err := u.byName(args[0])
	if err != nil {
		return err
	}
	password, err := u.password(user)
	if err != nil {
		return err
	}
	if err := u.store.SetPassword(u.ctx, userActor, user.ID, password, ""); err != nil {
		return err
	}
	fmt.Fprintf(u.out, "Changed the password of %s; all its sessions have ended.\n", user.Name)
	return nil
}

func (u users) turn(name string, disabled bool) error {
	user, err := u.byName(name)
	if err != nil {
		return err
	}
	user.Disabled = disabled
	if err := u.store.PutUser(u.ctx, userActor, &user); err != nil {
		return err
	}
	done := map[bool]string{true: "Disabled %s; its sessions have ended.\n", false: "Enabled %s.\n"}
	fmt.Fprintf(u.out, done[disabled], user.Name)
	return nil
}

func (u users) byName(name string) (model.User, error) {
	user, err := u.store.UserByName(u.ctx, name)
	if errors.Is(err, model.ErrNotFound) {
		return user, fmt.Errorf("there is no account %q", name)
	}
	return user, err
}

// password reads a password that the user may have: twice and unseen from a terminal, else the first line of the standard input.
func (u users) password(user model.User) (string, error) {
	read := u.line
	if file, ok := u.in.(*os.File); ok && isatty.IsTerminal(file.Fd()) {
		read = func() (string, error) { return u.ask(int(file.Fd())) }
	}
	password, err := read()
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return password, model.CheckPassword(user, password)
}

func (u users) line() (string, error) {
	line, err := bufio.NewReader(u.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (u users) ask(terminal int) (string, error) {
	var typed [2]string
	for i, prompt := range []string{"Password: ", "Again: "} {
		fmt.Fprint(u.out, prompt)
		data, err := term.ReadPassword(terminal)
		fmt.Fprintln(u.out)
		if err != nil {
			return "", err
		}
		typed[i] = string(data)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two are not the same")
	}
	return typed[0], nil
}
