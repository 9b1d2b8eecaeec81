package main

import "strings"

// setting is one field of Config with its names, its default and its text for --help.
type setting struct {
	name     string // of the flag; the variable is CONGSO_ and the name in capitals
	value    *string
	fallback string
	help     string
}

func (s setting) variable() string {
	return "CONGSO_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// Defaults of settings that are numbers or times: those of records are the store's own.
const (
	defaultListen     = "127.0.0.1:8080"
	defaultDirectory  = "https://acme-v02.api.letsencrypt.org/directory"
	defaultLogDays    = "30"
	defaultAuditDays  = "0"
	defaultBackupKeep = "14"
)

// settings is the table of all that can be set, in the order in which it is shown.
func (c *Config) settings() []setting {
	return []setting{
		{"data", &c.Data, "", "data folder: database and media"},
		{"listen", &c.Listen, defaultListen, "addresses with ports to listen on, comma-separated; :443 is every IPv4 and IPv6 address"},
		{"url", &c.URL, "", "public address, such as https://snv.example.vn; needed behind a proxy"},
		{"database", &c.Database, "", "postgres://… instead of SQLite in the data folder"},
		{"database-read", &c.DatabaseRead, "", "postgres://… of a replica of --database: readers without a login are served from it"},
		{"media", &c.Media, "", "another folder for pictures and attachments, or s3://bucket/prefix?endpoint=https://host:port&region=…&path-style=true"},
		{"media-key", &c.MediaKey, "", "key of the bucket"},
		{"media-secret", &c.Secret, "", "secret of that key: better in the file than as a flag, which other users of the machine see"},
		{"content", &c.Content, "", "folder of Markdown articles, laid over those that ship"},
		{"internal-networks", &c.Internal, "", "networks that see internal pages, such as 10.0.0.0/8,192.168.1.0/24"},
		{"trusted-proxies", &c.Proxies, "", "networks of proxies whose X-Forwarded-For is believed"},
		{"session-idle", &c.Idle, "8h", "a login ends after so long without a request, such as 30m"},
		{"session-max", &c.Longest, "168h", "a login ends after so long in any case"},
		{"max-photo", &c.Photo, "25", "largest picture that may be uploaded, in MB"},
		{"max-attachment", &c.File, "100", "largest other file that may be uploaded, in MB"},
		{"max-pixels", &c.Pixels, "50", "most that an uploaded picture may have, in megapixels"},

		{"tls-cert", &c.Cert, "", "file with the certificate and those that sign it, PEM: HTTPS is served; read again when it changes"},
		{"tls-key", &c.CertKey, "", "file with the certificate's key, PEM"},
		{"acme", &c.ACME, "", "your e-mail: a certificate is fetched and renewed over the internet, from Let's Encrypt unless told otherwise"},
		{"acme-directory", &c.Directory, defaultDirectory, "address of another authority that speaks ACME"},
		{"redirect-listen", &c.Redirect, "", "addresses that lead plain HTTP to HTTPS, such as :80"},

		{"metrics-listen", &c.Metrics, "", "loopback address with figures for Prometheus, such as 127.0.0.1:9100"},
		{"log-file", &c.LogFile, "", "file of the log, a new one each day; stderr unless set"},
		{"log-days", &c.LogDays, defaultLogDays, "days that files of the log are kept"},
		{"audit-days", &c.AuditDays, defaultAuditDays, "days that the audit trail is kept; 0 for ever"},

		{"backup-dir", &c.BackupDir, "", "folder of backups"},
		{"backup-at", &c.BackupAt, "", "times of day at which serve makes a backup, such as 02:00 or 12:30,22:00; Vietnam time"},
		{"backup-keep", &c.BackupKeep, defaultBackupKeep, "backups that are kept in the folder of backups"},
	}
}
