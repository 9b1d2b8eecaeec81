package store

// JSONLeftOut are the tables that an export leaves out, with why; those of LeftOut besides.
func JSONLeftOut() map[string]string { return jsonLeftOut() }

// JSONSettings is the condition of settings that are exported.
const JSONSettings = jsonSettings

// JSONColumns are the columns of each table that an export or import knows of: as fields, or made by the import.
func JSONColumns() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	var add func(t jsonTable)
	add = func(t jsonTable) {
		if all[t.table] == nil {
			all[t.table] = map[string]bool{}
		}
		of := all[t.table]
		for _, f := range t.fields {
			of[f.in()] = true
		}
		for _, column := range t.made {
			of[column] = true
		}
		for column := range t.fixed {
			of[column] = true
		}
		for column := range t.above {
			of[column] = true
		}
		of[t.owner] = true
		for _, p := range t.parts {
			add(p)
		}
	}
	for _, t := range jsonTables() {
		add(t)
	}
	return all
}
