//! Where addresses come from: variables, fields, helpers, settings.

use expect_test::expect;

use super::check;

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
            here provides program:frontend  @ "main"
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
            here provides program:checkout  @ "main"
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
            here provides program:cart  @ "main"
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
            here provides program:geo  @ "main"
            here provides trait:entry-point  @ "main"
            here requires store(${property:MemcAddress})memcached [data.use] [read, write]  @ "memcache.New(result[\"MemcAddress\"])"
            here requires store(mongodb://u:{}@${property:MongoAddress})mongo [data.use] [read, write]  @ "open(result[\"MongoAddress\"])"
        "#]],
    );
}
