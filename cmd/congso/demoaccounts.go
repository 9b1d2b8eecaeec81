package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"congso/handlers"
	"congso/store"
	"congso/store/model"
)

// demoPassword is for all accounts of the demo: it is printed at every start and stands on the login page.
const demoPassword = "thu-viec-3-vai"

// demoEditor is the account to which the sample data belong unless they say otherwise.
const demoEditor = "bientap"

// demoUsers are the accounts of the demo.
func demoUsers() []model.User {
	return []model.User{
		{Name: "tacgia", FullName: "Lò Thị Mẫn", Role: model.RoleAuthor},
		{Name: demoEditor, FullName: "Đinh Công Trứ", Role: model.RoleEditor},
		{Name: "quantri", FullName: "Vương Khánh Ly", Role: model.RoleAdmin},
	}
}

func demoAccounts() []handlers.DemoAccount {
	var list []handlers.DemoAccount
	for _, u := range demoUsers() {
		list = append(list, handlers.DemoAccount{Name: u.Name, Role: u.Role, Password: demoPassword})
	}
	return list
}

// putDemoUsers makes the accounts of the demo that are not there.
func putDemoUsers(ctx context.Context, s *store.Store) error {
	for _, u := range demoUsers() {
		_, err := s.UserByName(ctx, u.Name)
		if err == nil {
			continue
		}
		if !errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("demo: %w", err)
		}
		if err := s.PutUser(ctx, demoActor, &u); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		if err := s.SetPassword(ctx, demoActor, u.ID, demoPassword, ""); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	}
	return nil
}

// printDemoUsers says how to get into the admin pages of the demo.
func printDemoUsers(out io.Writer, base string) {
	fmt.Fprintf(out, "Admin pages: %s/admin, password %s (no second factor, since these are sample data):\n", base, demoPassword)
	for _, u := range demoUsers() {
		fmt.Fprintf(out, "  %-8s %s\n", u.Name, u.Role)
	}
}
