package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxConfigFile is how large a configuration file may be, in bytes: one that is larger is some other file.
const maxConfigFile = 1 << 20

// configLine is a setting in a configuration file.
type configLine struct {
	number int // from 1
	value  string
}

// readConfigFile reads the settings of a file, by their names.
func readConfigFile(name string) (map[string]configLine, error) {
	text, err := configText(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return parseConfig(name, text)
}

// parseConfig reads the settings of a file's text. What it does not understand is an error that names file and line.
func parseConfig(name, text string) (map[string]configLine, error) {
	found := map[string]configLine{}
	for i, line := range strings.Split(text, "\n") {
		setting, value, err := parseConfigLine(line)
		if err == nil && setting != "" {
			if _, twice := found[setting]; twice {
				err = fmt.Errorf("%s is set a second time", variableOf(setting))
			}
			found[setting] = configLine{i + 1, value}
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return found, nil
}

// configText is a configuration file's text, without the mark that Windows' editor puts at the beginning.
func configText(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close() // nothing was written
	data, err := io.ReadAll(io.LimitReader(file, maxConfigFile+1))
	if err != nil {
		return "", err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxConfigFile || !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", fmt.Errorf("%s is no text file in UTF-8 of lines KEY=value", name)
	}
	return string(data), nil
}

// parseConfigLine reads a line as systemd reads those of an EnvironmentFile (systemd.exec(5)), but for backslashes outside of double
// quotes, which stand for themselves: paths of Windows have them. A blank line or a comment is no setting: "".
func parseConfigLine(line string) (name, value string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' || line[0] == ';' {
		return "", "", nil
	}
	key, value, ok := strings.Cut(line, "=")
	if !ok {
		return "", "", fmt.Errorf("%q is no line of the form KEY=value", beginning(key))
	}
	key = strings.TrimSpace(key)
	if name = settingOf(key); name == "" {
		if key = beginning(key); strings.ContainsFunc(key, unicode.IsControl) {
			key = strconv.Quote(key) // a terminal would obey it
		}
		return "", "", fmt.Errorf("unknown setting %s", key)
	}
	value, err = unquote(strings.TrimSpace(value))
	if err != nil {
		err = fmt.Errorf("%s: %w", variableOf(name), err)
	}
	return name, value, err
}

// beginning is so much of a text as a message has room for.
func beginning(text string) string {
	const most = 80
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// settingOf is the name of the setting that a variable holds, "" when there is none.
func settingOf(variable string) string {
	for _, s := range new(Config).settings() {
		if s.variable() == variable {
			return s.name
		}
	}
	return ""
}

func variableOf(name string) string { return setting{name: name}.variable() }

// unquote takes a value's quotes away. Between double quotes a backslash makes the next ", \, $ or ` an ordinary character.
func unquote(value string) (string, error) {
	if value == "" || value[0] != '"' && value[0] != '\'' {
		return value, nil
	}
	quote, plain := value[0], strings.Builder{}
	for i := 1; i < len(value); i++ {
		switch {
		case value[i] == quote && i == len(value)-1:
			return plain.String(), nil
		case value[i] == quote:
			return "", errors.New("something follows the closing quote")
		case quote == '"' && value[i] == '\\' && i+1 < len(value) && strings.IndexByte("\"\\$`", value[i+1]) >= 0:
			i++
		}
		plain.WriteByte(value[i])
	}
	return "", errors.New("the closing quote is missing")
}
