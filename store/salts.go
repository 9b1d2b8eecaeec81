package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"congso/store/model"
)

// Salts: each day has one for counting visitors, and one of its own for who is online, so that the two cannot be joined.
const (
	onlineSalt   = " online" // what follows the day in its key
	saltOverlap  = 2 * onlineFor
	saltDeadline = 2 * time.Second
	saltRetry    = 5 * time.Second // after a failure, so that not every reader waits for a database that is gone
	saltAhead    = 10 * time.Minute
)

var errNoSalt = errors.New("no salt of the day")

// hitSalts are the salts of one day. visitor is nil when the day was over already and the clock was set back: who came on it has been
// forgotten with its salt, and would be counted as another visitor under a new one.
type hitSalts struct {
	day                          model.Day
	since                        int64 // when it began, in Unix seconds
	visitor, online, dayBeforeOn []byte
}

// Visitor hashes an address with its agent under the salts of the day; the address goes no further. The first call asks the database, as does
// the first of a day that no flush of the ten minutes before has prepared; when that fails, the error comes with the zero Visitor, whose views can be counted all the same.
func (b *HitBuffer) Visitor(address, agent string) (Visitor, error) {
	now := b.store.Now()
	salts, err := b.saltsOf(now)
	if err != nil {
		return Visitor{}, fmt.Errorf("visitor: %w", err)
	}
	who := address + "\x00" + agent
	v := Visitor{since: salts.since, online: saltedHash(salts.online, who)}
	if salts.visitor != nil {
		v.hash = saltedHash(salts.visitor, who)
	}
	if model.DayOf(now.Add(-saltOverlap)) != salts.day {
		v.onlineBefore = saltedHash(salts.dayBeforeOn, who)
	}
	return v, nil
}

func saltedHash(salt []byte, who string) (hash visitorHash) {
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(who))
	copy(hash[:], mac.Sum(nil))
	return hash
}

// saltsOf returns the salts of the day of now.
func (b *HitBuffer) saltsOf(now time.Time) (hitSalts, error) {
	day := model.DayOf(now)
	b.salting.Lock()
	defer b.salting.Unlock()
	if b.salts.day == day {
		return b.salts, nil
	}
	if b.coming.day == day {
		b.salts = b.coming
		return b.salts, nil
	}
	if wait := b.saltAgain.Sub(now); wait > 0 && wait <= saltRetry { // a longer one was meant for a clock that has been set back
		return hitSalts{}, errNoSalt
	}
	ctx, cancel := context.WithTimeout(context.Background(), saltDeadline)
	defer cancel()
	salts, err := b.store.daySalts(ctx, day, model.DayOf(now.AddDate(0, 0, -1)))
	if err != nil {
		b.saltAgain = now.Add(saltRetry)
		return hitSalts{}, err
	}
	b.salts = salts
	return salts, nil
}

// prepareSalts gets the salts of the day that is about to begin, if anybody reads: at midnight nobody's page waits for a database that others
// keep busy.
func (b *HitBuffer) prepareSalts(ctx context.Context) error {
	now := b.store.Now()
	day := model.DayOf(now.Add(saltAhead))
	b.salting.Lock()
	near := b.salts.day == model.DayOf(now) && b.salts.day != day && b.coming.day != day
	b.salting.Unlock()
	if !near {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, saltDeadline)
	defer cancel()
	salts, err := b.store.daySalts(ctx, day, model.DayOf(now))
	if err != nil {
		return err
	}
	b.salting.Lock()
	defer b.salting.Unlock()
	b.coming = salts
	return nil
}

// daySalts reads the salts of a day, and makes those that nobody has made yet: all copies of the portal share them.
func (s *Store) daySalts(ctx context.Context, day, before model.Day) (hitSalts, error) {
	salts := hitSalts{day: day, since: day.Time().Unix()}
	over, err := s.dayIsOver(ctx, day)
	if err != nil {
		return hitSalts{}, fmt.Errorf("salt of %s: %w", day, err)
	}
	for _, each := range []struct {
		key  string
		into *[]byte
	}{
		{string(day), &salts.visitor},
		{string(day) + onlineSalt, &salts.online},
		{string(before) + onlineSalt, &salts.dayBeforeOn},
	} {
		if over && each.into == &salts.visitor {
			continue
		}
		salt, err := s.hitSalt(ctx, each.key)
		if err != nil {
			return hitSalts{}, fmt.Errorf("salt of %s: %w", each.key, err)
		}
		*each.into = salt
	}
	return salts, nil
}

// dayIsOver reports whether visitors of the day were counted under a salt that has been thrown away since, because a later day has begun.
func (s *Store) dayIsOver(ctx context.Context, day model.Day) (bool, error) {
	n, err := queryOne(ctx, s.write, value[int], `SELECT COUNT(*) FROM hit_day WHERE day = $1 AND visitors > 0
		AND NOT EXISTS (SELECT 1 FROM hit_salt WHERE day = $1) AND EXISTS (SELECT 1 FROM hit_salt WHERE day > $2)`, string(day), string(day)+onlineSalt)
	return n > 0, err
}

func (s *Store) hitSalt(ctx context.Context, key string) ([]byte, error) {
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	_, err := s.write.ExecContext(ctx, `INSERT INTO hit_salt (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING`, key, hex.EncodeToString(fresh))
	if err != nil {
		return nil, err
	}
	kept, err := queryOne(ctx, s.write, value[string], `SELECT salt FROM hit_salt WHERE day = $1`, key)
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(kept)
}
