package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"congso/content"
)

func contentCommand() *cobra.Command {
	root := &cobra.Command{Use: "content", Short: "work with the articles' folder"}
	root.AddCommand(&cobra.Command{
		Use:   "check DIR",
		Short: "list every fault of a folder of articles as file:line; exit 1 when there are any",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			faults := content.Check(args[0])
			errors := 0
			for _, fault := range faults {
				fmt.Fprintln(command.OutOrStdout(), fault)
				if !fault.Warning {
					errors++
				}
			}
			if errors > 0 {
				return fmt.Errorf("%d faults", errors)
			}
			return nil
		},
	})
	return root
}
