//! What is called, served, published and stored.

use expect_test::expect;

use super::check;

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
            here provides program:pay  @ "main"
            here provides trait:entry-point  @ "main"
            here requires grpc(${slot(path:pay)shop.pay})${slot(${gopkg:acme.example/shop/genproto})NewPaymentServiceClient|PaymentService}/Charge [call.grpc]  @ "pay.Charge(ctx, &pb.ChargeRequest{})"
            here requires grpc(nowhere:50051)${slot(${gopkg:acme.example/shop/genproto})NewPaymentServiceClient|PaymentService}/Charge [call.grpc]  @ "pay.Charge(ctx, &pb.ChargeRequest{})"
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
