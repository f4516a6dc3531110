//! What texts of C++ say of their network.

use expect_test::{Expect, expect};

use super::Network;
use crate::extract::testing::lines;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&lines(&Network, "cart/main.cpp", text));
}

#[test]
fn clients_of_thrift_are_found_with_their_addresses() {
    check(
        r#"
#include <thrift/transport/TSocket.h>
#include "gen-cpp/StockService.h"
template <class TThriftClient> class Wrapper { void open() { client = new TThriftClient(protocol); } };
int main() {
  json config;
  std::string text_addr = config["text-service"]["addr"];
  int text_port = config["text-service"]["port"];
  ClientPool<ThriftClient<TextServiceClient>> pool("text-client", text_addr, text_port, 0, 10);
  std::shared_ptr<TTransport> socket(new TSocket("stock", 9090));
  auto transport = std::make_shared<TFramedTransport>(socket);
  std::shared_ptr<TProtocol> protocol(new TBinaryProtocol(transport));
  StockServiceClient client(protocol);
  auto unknown = std::make_shared<PriceServiceClient>(protocol_);
  std::vector<OtherServiceClient> none(3);
  HttpClient http("cart", 80);
}
"#,
        expect![[r#"
            here binds slot(c++)HttpClient#0 = cart  @ "\"cart\""
            here requires rpc(${property:text-service.addr}:${property:text-service.port})TextService/{} [call.rpc]  @ "ClientPool<ThriftClient<TextServiceClient>> pool(\"text-client\", text_addr, text_port, 0, 10);"
            here requires rpc(stock:9090)StockService/{} [call.rpc]  @ "StockServiceClient client(protocol);"
            here requires rpc({})PriceService/{} [call.rpc]  @ "std::make_shared<PriceServiceClient>(protocol_)"
        "#]],
    );
}

#[test]
fn servers_of_thrift_serve_what_is_processed() {
    check(
        r#"
#include <thrift/server/TThreadedServer.h>
int main() {
  TThreadedServer server(
      std::make_shared<TextServiceProcessor>(std::make_shared<TextHandler>(&pool)),
      socket, std::make_shared<TFramedTransportFactory>());
  TMultiplexedProcessor all(x, y);
}
"#,
        expect![[r#"
            here provides rpc:TextService  @ "std::make_shared<TextServiceProcessor>(std::make_shared<TextHandler>(&pool))"
        "#]],
    );
}

#[test]
fn stubs_and_services_of_grpc_are_found() {
    check(
        r#"
#include <grpcpp/grpcpp.h>
class CartClient {
 public:
  CartClient(std::shared_ptr<Channel> channel) : stub_(shop::Cart::NewStub(channel)) {}
  void get() { Status status = stub_->GetItems(&context, request, &reply); }
  std::unique_ptr<shop::Cart::Stub> stub_;
};
class PriceService final : public shop::Price::Service { };
int main() {
  const char* host = std::getenv("CART_ADDR");
  std::string address = host ? host : "cart:50051";
  CartClient client(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}
"#,
        expect![[r#"
            here binds slot(c++)CartClient#0 = ${env:CART_ADDR|cart:50051}  @ "grpc::CreateChannel(address, grpc::InsecureChannelCredentials())"
            here provides grpc:shop.Price  @ "PriceService"
            here requires grpc(${slot(c++)CartClient#0})shop.Cart/GetItems [call.grpc]  @ "shop::Cart::NewStub(channel)"
        "#]],
    );
}

#[test]
fn stores_and_requests_are_told_where_their_address_is_known() {
    check(
        r#"
#include <mongoc.h>
void init(const json &config, const std::string &name) {
  std::string addr = config[name + "-mongodb"]["addr"];
  int port = config[name + "-mongodb"]["port"];
  std::string uri = "mongodb://" + addr + ":" + std::to_string(port) + "/?app=" + name;
  mongoc_uri_new_with_error(uri.c_str(), &error);
  ConnectionOptions options;
  options.host = config[name + "-redis"]["addr"];
  options.port = config[name + "-redis"]["port"];
  auto redis = Redis(options, pool);
  std::string servers = "--SERVER=" + addr + ":11211";
  memcached(servers.c_str(), servers.length());
  redisConnect(argv[1], 6379);
  curl_easy_setopt(curl, CURLOPT_URL, "http://till/items");
  auto r = cpr::Post(cpr::Url{"http://price:80/p"}, cpr::Body{"x"});
}
int main() { init(config, "cart"); }
"#,
        expect![[r#"
            here binds slot(c++)init#1 = cart  @ "\"cart\""
            here requires http(http://price:80/p)POST [call.http]  @ "cpr::Post(cpr::Url{\"http://price:80/p\"}, cpr::Body{\"x\"})"
            here requires http(http://till/items)ANY [call.http]  @ "curl_easy_setopt(curl, CURLOPT_URL, \"http://till/items\")"
            here requires store(${property:${slot(c++)init#1}-mongodb.addr}:11211)memcached [data.use] [read, write]  @ "memcached(servers.c_str(), servers.length())"
            here requires store(${property:${slot(c++)init#1}-redis.addr}:${property:${slot(c++)init#1}-redis.port})redis [data.use] [read, write]  @ "Redis(options, pool)"
            here requires store(mongodb://${property:${slot(c++)init#1}-mongodb.addr}:${property:${slot(c++)init#1}-mongodb.port}/?app=${slot(c++)init#1})mongodb [data.use] [read, write]  @ "mongoc_uri_new_with_error(uri.c_str(), &error)"
        "#]],
    );
}

#[test]
fn what_a_machine_made_and_what_speaks_with_nobody_says_nothing() {
    check(
        "/** Autogenerated by Thrift Compiler */\n#include <thrift/x.h>\nauto a = new CartProcessor(b);\n",
        expect![[""]],
    );
    check("int main() { return 0; }\n", expect![[""]]);
    check("", expect![[""]]);
    let broken = lines(
        &Network,
        "a.cpp",
        "#include <thrift/x.h>\nFooClient c((((((",
    );
    assert!(broken.starts_with("! not understood as C++"), "{broken}");
}
