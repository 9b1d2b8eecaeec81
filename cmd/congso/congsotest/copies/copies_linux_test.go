package copies

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// portalHost is the name under which the handbook's portals are reached.
const portalHost = "cong.example"

const copiesArticle = "../../../../content/articles/vi/so-tay/nhieu-ban.md"

// handbookBlock is the only block of code in that language in the operators' article on several copies.
func handbookBlock(t testing.TB, language string) string {
	t.Helper()
	text, err := os.ReadFile(copiesArticle)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllSubmatch(text, -1)
	if len(found) != 1 {
		t.Fatalf("%d blocks in %s, want 1", len(found), language)
	}
	return string(found[0][1])
}

// trio is three portals on one PostgreSQL database, with one folder of media. The handbook's blocks configure them and what stands before
// them; only ports, folders, the database and the first bytes of addresses are others.
type trio struct {
	owner    *testing.T // at whose end they end
	network  string     // 127.a.b. for 10.0.0.
	folder   string
	database string
	own      congsotest.Certificate
	wires    []*wire // from each to the database
	running  []*congsotest.Running
}

func newCopies(t *testing.T) *trio {
	t.Helper()
	c := &trio{owner: t, network: fmt.Sprintf("127.%d.%d.", rand.IntN(250)+1, rand.IntN(250)+1), folder: t.TempDir(), database: storetest.Postgres(t)}
	c.own = congsotest.NewCertificate(t, congsotest.Year, portalHost)
	if err := os.Mkdir(c.media(), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		c.configure(t, i)
		c.running = append(c.running, c.launch(i)) // together: one of them makes the tables
	}
	for _, r := range c.running {
		r.AwaitAddress(t)
	}
	return c
}

// media is the folder of pictures and attachments that all share.
func (c *trio) media() string { return filepath.Join(c.folder, "media") }

// data is the data folder of a copy.
func (c *trio) data(i int) string { return filepath.Join(c.folder, fmt.Sprint("ban", i+1)) }

// address is where a copy listens.
func (c *trio) address(i int) string { return fmt.Sprintf("%s2%d:8080", c.network, i+1) }

// configure writes the settings of a copy.
func (c *trio) configure(t *testing.T, i int) {
	t.Helper()
	w, database := newWire(t, fmt.Sprintf("%s1%d:5432", c.network, i+1), c.database)
	c.wires = append(c.wires, w)
	congsotest.WriteFile(t, c.data(i)+".env", congsotest.Adapted(t, handbookBlock(t, "ini"),
		"postgres://congso:mat-khau-dai@db1.example.vn/congso?sslmode=verify-full&sslrootcert=/etc/congso/ca.crt", database, "10.0.0.21:8080", c.address(i), "10.0.1.0/24", c.network+"128/25",
		"PROXIES=10.0.0.5", "PROXIES=127.0.0.1", // from where this machine reaches all of its own addresses
		"/var/lib/congso", c.data(i), "/srv/congso-tep", c.media(), "127.0.0.1:9180", "127.0.0.1:0"))
	if err := os.Mkdir(c.data(i), 0o700); err != nil {
		t.Fatal(err)
	}
}

func (c *trio) launch(i int) *congsotest.Running {
	c.owner.Helper()
	return congsotest.LaunchAsIs(c.owner, []string{"CONGSO_CONFIG=" + c.data(i) + ".env"}, "serve")
}

// restart starts a copy that has ended.
func (c *trio) restart(t *testing.T, i int) {
	t.Helper()
	c.running[i] = c.launch(i)
	c.running[i].AwaitAddress(t)
}

// kill ends a copy as a machine that fails does.
func (c *trio) kill(t *testing.T, i int) {
	t.Helper()
	c.running[i].Signal(t, os.Kill)
	if err := c.running[i].Wait(t); err == nil {
		t.Error("it ended well")
	}
}

// box is the portal behind a balancer.
func (c *trio) box(t *testing.T, b *balancer) *blackBox {
	return &blackBox{TB: t, name: b.name, url: "https://" + portalHost, commands: []string{"--data", c.data(0), "--database", c.database},
		client: func() *http.Client { return c.own.Client(b.address) }}
}

// clientFrom is a client that comes from an address of this machine.
func (c *trio) clientFrom(from, to string) *http.Client {
	client := c.own.Client(to)
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	client.Transport.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", to) }
	return client
}
