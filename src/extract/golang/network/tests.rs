//! Small Go files and what they say of the network.

use expect_test::{Expect, expect};

use crate::extract::golang::Code;
use crate::extract::testing::lines;

/// Without what the file belongs to and imports.
fn check(path: &str, text: &str, expected: Expect) {
    let all = lines(&Code, path, text);
    let own: String = all
        .split_inclusive('\n')
        .filter(|line| !line.contains("[link.impl]") && !line.contains("provides gopkg("))
        .collect();
    expected.assert_eq(&own);
}

#[test]
fn an_address_goes_from_the_environment_through_fields_to_a_client() {
    check(
        "frontend/main.go",
        r#"package main

import (
	"context"
	"os"

	pb "acme.example/shop/genproto"
	"google.golang.org/grpc"
)

type server struct {
	cartAddr string
	cartConn *grpc.ClientConn
}

func main() {
	svc := new(server)
	mustMapEnv(&svc.cartAddr, "CART_SERVICE_ADDR")
	mustConn(context.Background(), &svc.cartConn, svc.cartAddr)
}

func (s *server) cart(ctx context.Context, id string) {
	pb.NewCartServiceClient(s.cartConn).
		GetCart(ctx, &pb.GetCartRequest{UserId: id})
	cl := pb.NewStockClient(s.cartConn)
	cl.Count(ctx, nil)
	pb.NewUnusedClient(s.cartConn)
}

func mustMapEnv(target *string, key string) {
	v := os.Getenv(key)
	*target = v
}

func mustConn(ctx context.Context, conn **grpc.ClientConn, addr string) {
	var err error
	*conn, err = grpc.NewClient(addr)
}
"#,
        expect![[r#"
            here binds slot(path:frontend)server.cartAddr = ${env:CART_SERVICE_ADDR}  @ "svc.cartAddr"
            here binds slot(path:frontend)server.cartConn = ${slot(path:frontend)server.cartAddr}  @ "svc.cartConn"
            here provides trait:entry-point  @ "main"
            here requires grpc(${slot(path:frontend)server.cartConn})${slot(${gopkg:acme.example/shop/genproto})NewCartServiceClient|CartService}/GetCart [call.grpc]  @ "pb.NewCartServiceClient(s.cartConn).\n\t\tGetCart(ctx, &pb.GetCartRequest{UserId: id})"
            here requires grpc(${slot(path:frontend)server.cartConn})${slot(${gopkg:acme.example/shop/genproto})NewStockClient|Stock}/Count [call.grpc]  @ "cl.Count(ctx, nil)"
        "#]],
    );
}

#[test]
fn a_variable_holds_what_was_assigned_last() {
    check(
        "checkout/main.go",
        r#"package main

import (
	"net/http"
	"os"

	pb "acme.example/shop/genproto"
	"google.golang.org/grpc"
)

type checkout struct {
	cart pb.CartServiceClient
	stock pb.StockServiceClient
	email string
}

func main() {
	svc := new(checkout)
	c := dial(os.Getenv("CART_ADDR"))
	svc.cart = pb.NewCartServiceClient(c)
	c = dial(os.Getenv("STOCK_ADDR"))
	svc.stock = pb.NewStockServiceClient(c)
	svc.email = os.Getenv("EMAIL_ADDR")
}

func dial(addr string) *grpc.ClientConn {
	c, err := grpc.NewClient(addr)
	if err != nil {
		panic(err)
	}
	return c
}

func (cs *checkout) order() {
	cs.cart.EmptyCart(nil, &pb.Empty{})
	req, _ := http.NewRequest("POST", cs.email+"/send", nil)
	_ = req
}
"#,
        expect![[r#"
            here binds slot(path:checkout)checkout.cart = ${env:CART_ADDR}  @ "svc.cart"
            here binds slot(path:checkout)checkout.cart#service = ${slot(${gopkg:acme.example/shop/genproto})NewCartServiceClient|CartService}  @ "cart pb.CartServiceClient"
            here binds slot(path:checkout)checkout.email = ${env:EMAIL_ADDR}  @ "svc.email"
            here binds slot(path:checkout)checkout.stock = ${env:STOCK_ADDR}  @ "svc.stock"
            here binds slot(path:checkout)checkout.stock#service = ${slot(${gopkg:acme.example/shop/genproto})NewStockServiceClient|StockService}  @ "stock pb.StockServiceClient"
            here provides trait:entry-point  @ "main"
            here requires grpc(${slot(path:checkout)checkout.cart})${slot(${gopkg:acme.example/shop/genproto})NewCartServiceClient|CartService}/EmptyCart [call.grpc]  @ "cs.cart.EmptyCart(nil, &pb.Empty{})"
            here requires http(${slot(path:checkout)checkout.email}/send)POST [call.http]  @ "http.NewRequest(\"POST\", cs.email+\"/send\", nil)"
        "#]],
    );
}

#[test]
fn defaults_of_helpers_and_conditions_stay_defaults() {
    check(
        "cart/main.go",
        r#"package main

import (
	"fmt"
	"net/http"
	"os"
)

const path = "/items"

func getenv(key, fallback string) string {
	if v := os.Getenv(key); v != "" {
		return v
	}
	return fallback
}

func main() {
	host := os.Getenv("STOCK_HOST")
	if host == "" {
		host = "stock"
	}
	http.Get(fmt.Sprintf("http://%s:%d%s/%s", host, 8080, path, id()))
	http.Post(getenv("BILL_URL", "http://bill:80")+"/bills", "", nil)
	user, ok := os.LookupEnv("USER_HOST")
	if !ok {
		user = "user"
	}
	get("http://" + user + "/me")
	get("http://mail:25/")
}

func get(url string) {
	http.DefaultClient.Get(url)
}
"#,
        expect![[r#"
            here provides trait:entry-point  @ "main"
            here requires http(${env:BILL_URL|http://bill:80}/bills)POST [call.http]  @ "http.Post(getenv(\"BILL_URL\", \"http://bill:80\")+\"/bills\", \"\", nil)"
            here requires http(http://${env:STOCK_HOST|stock}:8080/items/${slot(path:cart)id#return})GET [call.http]  @ "http.Get(fmt.Sprintf(\"http://%s:%d%s/%s\", host, 8080, path, id()))"
            here requires http(http://${env:USER_HOST|user}/me)GET [call.http]  @ "get(\"http://\" + user + \"/me\")"
            here requires http(http://mail:25/)GET [call.http]  @ "get(\"http://mail:25/\")"
        "#]],
    );
}

#[test]
fn settings_are_tags_flags_and_keys() {
    check(
        "config/config.go",
        r#"package config

import (
	"flag"

	"github.com/spf13/viper"
)

type Services struct {
	Cart string `env:"CART_ADDR" envDefault:"cart:7070"`
	Retries int `env:"RETRIES"`
}

type Config struct {
	Services Services
	Stock string `env:"STOCK_ADDR,default=stock:80"`
	Mail struct {
		URL string `envconfig:"MAIL_URL" default:"http://mail"`
	}
	Queue string `mapstructure:"queue_url"`
}

var addr = flag.String("bill-addr", "bill:80", "where bills are")

func Load() {
	viper.SetDefault("pay.url", "http://pay")
	viper.BindEnv("user.url", "USER_URL")
	cfg := Config{Queue: viper.GetString("queue.url")}
	flag.StringVar(&cfg.Stock, "stock", "store:80", "where the stock is")
}
"#,
        expect![[r#"
            here binds property:pay.url = ${env:PAY_URL|http://pay}  @ "viper.SetDefault(\"pay.url\", \"http://pay\")"
            here binds property:user.url = ${env:USER_URL}  @ "viper.BindEnv(\"user.url\", \"USER_URL\")"
            here binds slot(path:config)Config.Mail.URL = ${env:MAIL_URL|http://mail}  @ "URL string `envconfig:\"MAIL_URL\" default:\"http://mail\"`"
            here binds slot(path:config)Config.Queue = ${property:queue.url}  @ "viper.GetString(\"queue.url\")"
            here binds slot(path:config)Config.Queue = ${property:queue_url}  @ "Queue string `mapstructure:\"queue_url\"`"
            here binds slot(path:config)Config.Services.Cart = ${env:CART_ADDR|cart:7070}  @ "Cart string `env:\"CART_ADDR\" envDefault:\"cart:7070\"`"
            here binds slot(path:config)Config.Stock = ${env:STOCK_ADDR|stock:80}  @ "Stock string `env:\"STOCK_ADDR,default=stock:80\"`"
            here binds slot(path:config)Config.Stock = ${flag:stock|store:80}  @ "cfg.Stock"
            here binds slot(path:config)Services.Cart = ${env:CART_ADDR|cart:7070}  @ "Cart string `env:\"CART_ADDR\" envDefault:\"cart:7070\"`"
            here binds slot(path:config)addr = ${flag:bill-addr|bill:80}  @ "flag.String(\"bill-addr\", \"bill:80\", \"where bills are\")"
        "#]],
    );
}

#[test]
fn routes_are_below_their_groups() {
    check(
        "cart/routes.go",
        r#"package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
)

func gins(r *gin.Engine) {
	v1 := r.Group("/v1")
	v1.GET("/items/:id", get)
	items := v1.Group("/lists")
	{
		items.POST("", post)
	}
	r.Handle("PUT", "/x", get)
}

func chis() http.Handler {
	r := chi.NewRouter()
	r.Get("/health", get)
	r.Route("/orders", func(r chi.Router) {
		r.Get("/{id}", get)
		r.Group(func(r chi.Router) { r.Delete("/{id}", del) })
	})
	return r
}

func muxes() {
	r := mux.NewRouter()
	s := r.PathPrefix("/shop").Subrouter()
	s.HandleFunc("/cart", view).Methods(http.MethodGet, "HEAD")
	http.HandleFunc("GET /plain/{name}", view)
	http.Handle("/static/", files)
	cache.Get("/key", view)
}
"#,
        expect![[r#"
            here provides http:ANY /static/  @ "http.Handle(\"/static/\", files)"
            here provides http:DELETE /orders/{}  @ "r.Delete(\"/{id}\", del)"
            here provides http:GET ${slot(path:cart)gins#0|}/v1/items/{}  @ "v1.GET(\"/items/:id\", get)"
            here provides http:GET /health  @ "r.Get(\"/health\", get)"
            here provides http:GET /orders/{}  @ "r.Get(\"/{id}\", get)"
            here provides http:GET /plain/{}  @ "http.HandleFunc(\"GET /plain/{name}\", view)"
            here provides http:GET /shop/cart  @ "s.HandleFunc(\"/cart\", view)"
            here provides http:HEAD /shop/cart  @ "s.HandleFunc(\"/cart\", view)"
            here provides http:POST ${slot(path:cart)gins#0|}/v1/lists  @ "items.POST(\"\", post)"
            here provides http:PUT ${slot(path:cart)gins#0|}/x  @ "r.Handle(\"PUT\", \"/x\", get)"
        "#]],
    );
}

#[test]
fn clients_in_fields_of_another_file_are_asked_with_messages() {
    check(
        "web/struct.go",
        r#"package web

import pb "acme.example/shop/genproto"

type web struct {
	cart pb.CartServiceClient
}
"#,
        expect![[r#"
            here binds slot(path:web)web.cart#service = ${slot(${gopkg:acme.example/shop/genproto})NewCartServiceClient|CartService}  @ "cart pb.CartServiceClient"
        "#]],
    );
    check(
        "web/use.go",
        r#"package web

import (
	"context"

	pb "acme.example/shop/genproto"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func (w *web) show(ctx context.Context) {
	w.cart.GetCart(ctx, &pb.GetCartRequest{})
	w.files.PutObject(ctx, &s3.PutObjectInput{})
	w.log.Print(ctx, "x")
}
"#,
        expect![[r#"
            here requires grpc(${slot(path:web)web.cart})${slot(path:web)web.cart#service}/GetCart [call.grpc]  @ "w.cart.GetCart(ctx, &pb.GetCartRequest{})"
        "#]],
    );
}

#[test]
fn a_variable_may_be_one_of_several_clients_and_hide_its_package() {
    check(
        "pay/main.go",
        r#"package main

import (
	"context"
	"flag"

	"acme.example/shop/registry"
	pb "acme.example/shop/genproto"
	"google.golang.org/grpc"
)

type shop struct {
	pay pb.PaymentServiceClient
}

func (s *shop) charge(ctx context.Context, broken bool) {
	pay := s.pay
	if broken {
		conn, _ := grpc.NewClient("nowhere:50051")
		pay = pb.NewPaymentServiceClient(conn)
	}
	pay.Charge(ctx, &pb.ChargeRequest{})
}

func main() {
	addr := flag.String("registry", "consul:8500", "where the registry is")
	registry, err := registry.NewClient(*addr)
}
"#,
        expect![[r#"
            here binds slot(${gopkg:acme.example/shop/registry})NewClient#0 = ${flag:registry|consul:8500}  @ "*addr"
            here binds slot(path:pay)shop.pay#service = ${slot(${gopkg:acme.example/shop/genproto})NewPaymentServiceClient|PaymentService}  @ "pay pb.PaymentServiceClient"
            here provides trait:entry-point  @ "main"
            here requires grpc(${slot(path:pay)shop.pay})${slot(${gopkg:acme.example/shop/genproto})NewPaymentServiceClient|PaymentService}/Charge [call.grpc]  @ "pay.Charge(ctx, &pb.ChargeRequest{})"
            here requires grpc(nowhere:50051)${slot(${gopkg:acme.example/shop/genproto})NewPaymentServiceClient|PaymentService}/Charge [call.grpc]  @ "pay.Charge(ctx, &pb.ChargeRequest{})"
        "#]],
    );
}

#[test]
fn decoded_files_are_settings() {
    check(
        "geo/main.go",
        r#"package main

import (
	"encoding/json"
	"os"

	"github.com/bradfitz/gomemcache/memcache"
	"go.mongodb.org/mongo-driver/mongo/options"
)

type Config struct {
	StockURL string `json:"stockUrl"`
	Name string `json:"name"`
}

func main() {
	data, _ := os.ReadFile("config.json")
	var result map[string]string
	json.Unmarshal(data, &result)
	memcache.New(result["MemcAddress"])
	open(result["MongoAddress"])
}

func open(url string) {
	options.Client().ApplyURI("mongodb://u:secret@" + url)
}
"#,
        expect![[r#"
            here binds slot(${gopkg:github.com/bradfitz/gomemcache/memcache})New#0 = ${property:MemcAddress}  @ "result[\"MemcAddress\"]"
            here binds slot(path:geo)Config.StockURL = ${property:stockUrl}  @ "StockURL string `json:\"stockUrl\"`"
            here provides trait:entry-point  @ "main"
            here requires store(${property:MemcAddress})memcached [data.use] [read, write]  @ "memcache.New(result[\"MemcAddress\"])"
            here requires store(mongodb://u:{}@${property:MongoAddress})mongo [data.use] [read, write]  @ "open(result[\"MongoAddress\"])"
        "#]],
    );
}

#[test]
fn topics_queues_and_subjects() {
    check(
        "mail/kafka.go",
        r#"package mail

import (
	"os"

	"github.com/IBM/sarama"
	amqp "github.com/rabbitmq/amqp091-go"
	"github.com/nats-io/nats.go"
	"github.com/segmentio/kafka-go"
)

const TopicOrders = "orders"

func publish(p sarama.AsyncProducer, brokers string) {
	p, _ = sarama.NewAsyncProducer([]string{os.Getenv("KAFKA_ADDR")}, nil)
	p.Input() <- &sarama.ProducerMessage{Topic: TopicOrders}
}

func consume(g sarama.ConsumerGroup) {
	topics := []string{TopicOrders, "refunds"}
	g.Consume(nil, topics, nil)
	kafka.NewReader(kafka.ReaderConfig{Brokers: []string{"kafka:9092"}, Topic: "bills"})
}

func rabbit() {
	conn, _ := amqp.Dial("amqp://" + os.Getenv("AMQP_HOST") + ":5672/")
	ch, _ := conn.Channel()
	q, _ := ch.QueueDeclare("mails", true, false, false, false, nil)
	ch.QueueBind(q.Name, "", "shop", false, nil)
	ch.Consume(q.Name, "", true, false, false, false, nil)
	ch.Publish("", "letters", false, false, amqp.Publishing{})
	ch.PublishWithContext(nil, "shop", "key", false, false, amqp.Publishing{})
}

func ticks(nc *nats.Conn) {
	nc.Publish("ticks", nil)
	nc.QueueSubscribe("ticks.*", "workers", nil)
}
"#,
        expect![[r#"
            here binds broker:kafka = ${env:KAFKA_ADDR}  @ "[]string{os.Getenv(\"KAFKA_ADDR\")}"
            here binds broker:kafka = kafka:9092  @ "[]string{\"kafka:9092\"}"
            here binds broker:rabbitmq = amqp://${env:AMQP_HOST}:5672/  @ "amqp.Dial(\"amqp://\" + os.Getenv(\"AMQP_HOST\") + \":5672/\")"
            here binds queue:mails = shop  @ "ch.QueueBind(q.Name, \"\", \"shop\", false, nil)"
            here binds slot(path:mail)TopicOrders = orders  @ "\"orders\""
            here requires topic(${broker:kafka})bills [event.sub] [read]  @ "kafka.ReaderConfig{Brokers: []string{\"kafka:9092\"}, Topic: \"bills\"}"
            here requires topic(${broker:kafka})orders [event.pub] [write]  @ "sarama.ProducerMessage{Topic: TopicOrders}"
            here requires topic(${broker:kafka})orders [event.sub] [read]  @ "g.Consume(nil, topics, nil)"
            here requires topic(${broker:kafka})refunds [event.sub] [read]  @ "g.Consume(nil, topics, nil)"
            here requires topic(${broker:nats})ticks [event.pub] [write]  @ "nc.Publish(\"ticks\", nil)"
            here requires topic(${broker:nats})ticks.* [event.sub] [read]  @ "nc.QueueSubscribe(\"ticks.*\", \"workers\", nil)"
            here requires topic(${broker:rabbitmq})${queue:mails|mails} [event.sub] [read]  @ "ch.Consume(q.Name, \"\", true, false, false, false, nil)"
            here requires topic(${broker:rabbitmq})letters [event.pub] [write]  @ "ch.Publish(\"\", \"letters\", false, false, amqp.Publishing{})"
            here requires topic(${broker:rabbitmq})shop [event.pub] [write]  @ "ch.PublishWithContext(nil, \"shop\", \"key\", false, false, amqp.Publishing{})"
        "#]],
    );
}

#[test]
fn stores_are_connections() {
    check(
        "stock/db.go",
        r#"package stock

import (
	"database/sql"
	"fmt"
	"os"

	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func open() {
	sql.Open("postgres", os.Getenv("DATABASE_URL"))
	sql.Open("mysql", fmt.Sprintf("root:%s@tcp(%s)/stock", os.Getenv("PASS"), "db:3306"))
	sql.Open("sqlite3", "x.db")
	redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")})
	mongo.Connect(nil, options.Client().ApplyURI("mongodb://mongo:27017/stock"))
}
"#,
        expect![[r#"
            here requires store(${env:DATABASE_URL})postgres [data.use] [read, write]  @ "sql.Open(\"postgres\", os.Getenv(\"DATABASE_URL\"))"
            here requires store(${env:REDIS_ADDR})redis [data.use] [read, write]  @ "redis.Options{Addr: os.Getenv(\"REDIS_ADDR\")}"
            here requires store(mongodb://mongo:27017/stock)mongo [data.use] [read, write]  @ "options.Client().ApplyURI(\"mongodb://mongo:27017/stock\")"
            here requires store(mysql://root:${env:PASS}@db:3306/stock)mysql [data.use] [read, write]  @ "sql.Open(\"mysql\", fmt.Sprintf(\"root:%s@tcp(%s)/stock\", os.Getenv(\"PASS\"), \"db:3306\"))"
        "#]],
    );
}

#[test]
fn servers_proxies_and_other_clients() {
    check(
        "api/main.go",
        r#"package main

import (
	"net/http/httputil"
	"net/url"

	"acme.example/shop/cart/cartconnect"
	pb "acme.example/shop/genproto"
	dapr "github.com/dapr/go-sdk/client"
	"github.com/go-resty/resty/v2"
)

type api struct{ base string }

func run(s grpcServer, c dapr.Client) {
	pb.RegisterCartServer(s, nil)
	cartconnect.NewCartHandler(nil)
	target, _ := url.Parse("http://stock:8080")
	httputil.NewSingleHostReverseProxy(target)
	c.InvokeMethod(nil, "bill", "total", "get")
	c.PublishEvent(nil, "bus", "orders", nil)
	client := cartconnect.NewCartClient(nil, "http://cart:80")
	client.Get(nil, nil)
	r := resty.New().SetBaseURL("http://mail")
	r.R().SetBody("x").Post("/letters")
}
"#,
        expect![[r#"
            here binds slot(${gopkg:acme.example/shop/cart/cartconnect})NewCartClient#1 = http://cart:80  @ "\"http://cart:80\""
            here provides grpc:${slot(${gopkg:acme.example/shop/cart/cartconnect})NewCartHandler|Cart}  @ "cartconnect.NewCartHandler(nil)"
            here provides grpc:${slot(${gopkg:acme.example/shop/genproto})RegisterCartServer|Cart}  @ "pb.RegisterCartServer(s, nil)"
            here requires grpc(http://cart:80)${slot(${gopkg:acme.example/shop/cart/cartconnect})NewCartClient|Cart}/Get [call.grpc]  @ "client.Get(nil, nil)"
            here requires http(http://bill/total)GET [call.invoke]  @ "c.InvokeMethod(nil, \"bill\", \"total\", \"get\")"
            here requires http(http://mail/letters)POST [call.http]  @ "r.R().SetBody(\"x\").Post(\"/letters\")"
            here requires http(http://stock:8080/*)ANY [call.route]  @ "httputil.NewSingleHostReverseProxy(target)"
            here requires topic(${broker:bus})orders [event.pub] [write]  @ "c.PublishEvent(nil, \"bus\", \"orders\", nil)"
        "#]],
    );
}

#[test]
fn generated_code_tells_the_names_of_services() {
    check(
        "genproto/cart_grpc.pb.go",
        r#"// Code generated by protoc-gen-go-grpc. DO NOT EDIT.

package genproto

import grpc "google.golang.org/grpc"

func NewCartServiceClient(cc grpc.ClientConnInterface) CartServiceClient { return nil }

func RegisterCartServiceServer(s grpc.ServiceRegistrar, srv CartServiceServer) {}

func (c *cartServiceClient) Get() { c.cc.Invoke(ctx, "/acme.cart_service/Get", nil, nil) }

var CartService_ServiceDesc = grpc.ServiceDesc{
	ServiceName: "acme.cart_service",
	HandlerType: (*CartServiceServer)(nil),
}
"#,
        expect![[r#"
            here binds slot(path:genproto)NewCartServiceClient = acme.cart_service  @ "grpc.ServiceDesc{\n\tServiceName: \"acme.cart_service\",\n\tHandlerType: (*CartServiceServer)(nil),\n}"
            here binds slot(path:genproto)RegisterCartServiceServer = acme.cart_service  @ "grpc.ServiceDesc{\n\tServiceName: \"acme.cart_service\",\n\tHandlerType: (*CartServiceServer)(nil),\n}"
        "#]],
    );
    check(
        "genproto/cartconnect/cart.connect.go",
        "// Code generated by protoc-gen-connect-go. DO NOT EDIT.\n\npackage cartconnect\n\nconst (\n\tCartServiceName = \"acme.v1.CartService\"\n)\n\nfunc NewCartServiceClient(c connect.HTTPClient, baseURL string) CartServiceClient { return nil }\n",
        expect![[r#"
            here binds slot(path:genproto/cartconnect)NewCartServiceClient = acme.v1.CartService  @ "\"acme.v1.CartService\""
        "#]],
    );
}

#[test]
fn what_is_no_use_of_the_network_is_left_alone() {
    check(
        "cart/other.go",
        r#"package cart

import (
	"net/http"

	"acme.example/shop/store"
	"example.com/cache"
)

// http.Get("http://comment")
func f(w http.ResponseWriter, r *http.Request) {
	r.Header.Get("X")
	r.URL.Query().Get("id")
	cache.New().Get("http://key")
	store.NewItemClient("a", "b", "c").Load(nil)
	http.NewRequest("GET", "/relative", nil)
	http.Get("http://example.com/x")
}
"#,
        expect![[""]],
    );
    check(
        "cart/cart_test.go",
        "package cart\n\nimport \"net/http\"\n\nfunc f() { http.Get(\"http://made-up\") }\n",
        expect![[""]],
    );
}

#[test]
fn hostile_files_end_quickly() {
    let deep = format!(
        "package a\nimport \"net/http\"\nfunc f() {{ http.Get({}\"x\"{}) }}",
        "(".repeat(5000),
        ")".repeat(5000)
    );
    lines(&Code, "a.go", deep);
    let sum = format!(
        "package a\nimport \"net/http\"\nfunc f() {{ http.Get({}\"x\") }}",
        "a + ".repeat(20_000)
    );
    lines(&Code, "a.go", sum);
    let chain: String = (0..3000)
        .map(|n| format!("x{} := x{n} + x{n}\n", n + 1))
        .collect();
    lines(
        &Code,
        "a.go",
        format!(
            "package a\nimport \"net/http\"\nfunc f() {{ x0 := \"u\"\n{chain} http.Get(x3000) }}"
        ),
    );
    let many: String = (0..3000)
        .map(|n| {
            format!(
                "func f{n}(u string) {{ f{}(u); http.Get(u) }}\n",
                (n + 1) % 3000
            )
        })
        .collect();
    lines(
        &Code,
        "a.go",
        format!("package a\nimport \"net/http\"\n{many}"),
    );
    let routes: String = (0..3000)
        .map(|n| format!("http.HandleFunc(\"/r{n}\", h)\n"))
        .collect();
    let said = lines(
        &Code,
        "a.go",
        format!("package a\nimport \"net/http\"\nfunc f() {{ {routes} }}"),
    );
    assert!(said.contains("! more than 1024 routes; the rest is not read"));
    for piece in [
        "func (",
        "x.y(&",
        "struct {",
        "map[string]",
        "}",
        "a := b(",
        "\"%[9]s",
    ] {
        lines(
            &Code,
            "a.go",
            format!(
                "package a\nimport \"net/http\"\nfunc f() {{ http.Get({}",
                piece.repeat(10_000)
            ),
        );
    }
}
