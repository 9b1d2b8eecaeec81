package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"congso/store/model"
)

// ApprovedHost is another site to which links may lead.
type ApprovedHost struct {
	Host string // as model.BareHost writes it
	By   string // the account's name, or the subcommand
	At   time.Time
}

// ApprovedHosts returns the hosts to which links may lead, by name.
func (s *Store) ApprovedHosts(ctx context.Context) ([]ApprovedHost, error) {
	list, err := queryAll(ctx, s.read, func(row scanner) (ApprovedHost, error) {
		var h ApprovedHost
		err := row.Scan(&h.Host, &h.By, moment{&h.At})
		return h, err
	}, `SELECT host, actor, at FROM approved_host ORDER BY host`)
	if err != nil {
		return nil, fmt.Errorf("approved hosts: %w", err)
	}
	return list, nil
}

// HostApproved reports whether links may lead to a host, however it is written.
func (s *Store) HostApproved(ctx context.Context, host string) (bool, error) {
	n, err := queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM approved_host WHERE host = $1`, model.BareHost(host))
	if err != nil {
		return false, fmt.Errorf("approved host %q: %w", host, err)
	}
	return n > 0, nil
}

// ApproveHosts lets links lead to the hosts from now on; what the guard has found of them is approved with them. What is no host is
// model.Invalid for the field "host".
func (s *Store) ApproveHosts(ctx context.Context, by model.Actor, hosts ...string) error {
	for i := range hosts {
		if hosts[i] = model.BareHost(hosts[i]); !validHost(hosts[i]) {
			return fmt.Errorf("approve %q: %w", hosts[i], model.Invalid{"host": "Tên máy chủ không hợp lệ."})
		}
	}
	slices.Sort(hosts)
	err := s.change(ctx, func(tx *sql.Tx) error { return s.approveHosts(ctx, tx, by, slices.Compact(hosts)...) })
	if err != nil {
		return fmt.Errorf("approve hosts: %w", err)
	}
	return nil
}

// longestHost is the longest name of a host (RFC 1035, 2.3.4).
const longestHost = 253

func validHost(host string) bool {
	return host != "" && len(host) <= longestHost && !slices.ContainsFunc([]rune(host), func(r rune) bool {
		return r <= ' ' || r == '/' || r == '\\' || r == '?' || r == '#' || r == '@' || r == '"' || r == '<' || r == '>'
	})
}

// approveHosts leaves hosts that are approved already as they are. All others make one audit entry: it holds no values.
func (s *Store) approveHosts(ctx context.Context, tx *sql.Tx, by model.Actor, hosts ...string) error {
	now, added := unix(s.now()), 0
	for _, host := range hosts {
		rows, err := queryAll(ctx, tx, value[string], `INSERT INTO approved_host (host, user_id, actor, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (host) DO NOTHING RETURNING host`, host, orNull(by.UserID), by.Name, now)
		if err != nil {
			return err
		}
		added += len(rows)
		err = exec(ctx, tx, `UPDATE finding SET state = 'approved', user_id = $1, actor = $2, decided_at = $3
			WHERE kind = 'host' AND value = $4 AND state = 'open'`, orNull(by.UserID), by.Name, now, host)
		if err != nil {
			return err
		}
	}
	if added == 0 {
		return nil
	}
	return s.audit(ctx, tx, by, "approve", model.KindHost, 0, []string{"host"})
}

// ForgetHost takes a host from those to which links may lead, or returns model.ErrNotFound. What was found of it once, the next scan finds
// again.
func (s *Store) ForgetHost(ctx context.Context, by model.Actor, host string) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		if _, err := queryOne(ctx, tx, value[string], `DELETE FROM approved_host WHERE host = $1 RETURNING host`, host); err != nil {
			return err
		}
		err := exec(ctx, tx, `UPDATE finding SET state = 'open', user_id = NULL, actor = '', decided_at = 0
			WHERE kind = 'host' AND value = $1 AND state = 'approved'`, host)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "delete", model.KindHost, 0, []string{"host"})
	})
	if err != nil {
		return fmt.Errorf("forget host %q: %w", host, err)
	}
	return nil
}
