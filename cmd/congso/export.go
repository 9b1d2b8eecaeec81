package main

import "github.com/spf13/cobra"

// exportCommand takes what the portal has out of it, in forms that need neither the portal nor its database.
func exportCommand(from sources) *cobra.Command {
	command := &cobra.Command{Use: "export", Short: "take the portal's records out of it, in forms that outlive it"}
	command.AddCommand(exportStaticCommand(from), exportJSONCommand(from))
	return command
}
