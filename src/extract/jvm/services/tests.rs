//! What the detectors say of small texts.

use expect_test::{Expect, expect};

use super::Services;
use crate::extract::testing::lines;

#[expect(clippy::needless_pass_by_value, reason = "reads better at the call")]
fn check(path: &str, text: &str, expected: Expect) {
    let found = lines(&Services, path, text);
    let plain: Vec<&str> = found
        .lines()
        .map(|line| line.split("  @").next().unwrap_or(line))
        .collect();
    expected.assert_eq(&plain.join("\n"));
}

#[test]
fn rest_templates_are_followed_to_their_addresses() {
    check(
        "a/Client.java",
        r#"
package com.acme.cart;
import org.springframework.web.client.RestTemplate;
@Component
class Client {
    private static final String BASE = "http://catalog:8080";
    private final RestTemplate rest;
    private final String host;
    private final long port;
    @Value("${stock.url:http://stock}") private String stock;
    @Autowired
    Client(RestTemplate rest, @Value("${price.host:price}") String host, @Value("${price.port:8080}") long port) {
        this.rest = rest; this.host = host; this.port = port;
    }
    Item item(long id) { return rest.getForObject(BASE + "/items/" + id, Item.class); }
    Item leading(long id) {
        ResponseEntity<Item> found = rest.getForEntity("http://PRICE-SERVICE/prices/" + id
            ,Item.class);
        rest.delete(stock + "/levels/{id}?force={f}", id, true);
        return found.getBody();
    }
    void exchange() {
        String url = String.format("http://%s:%s/prices/", host, port);
        rest.exchange(url, HttpMethod.PUT, null, Void.class);
        this.rest.postForObject(url(true), null, Void.class);
        getTemplate().put(UriComponentsBuilder.fromHttpUrl(stock).path("/x").queryParam("a", 1).toUriString(), null);
    }
    private String url(boolean ribbon) {
        String url;
        if (ribbon) {
            ServiceInstance instance = loadBalancer.choose("RATING");
            url = String.format("http://%s:%s/rating/", instance.getHost(), instance.getPort());
        } else {
            url = "http://" + host + "/rating/";
        }
        return url;
    }
    RestTemplate getTemplate() { return rest; }
    Map<String, String> map; void noCall() { map.put("http://no", "x"); map.delete("http://no"); }
}
"#,
        expect![[r#"
            here binds slot(com.acme.cart.Client)BASE = http://catalog:8080
            here binds slot(com.acme.cart.Client)host = ${property:price.host|price}
            here binds slot(com.acme.cart.Client)port = ${property:price.port|8080}
            here binds slot(com.acme.cart.Client)stock = ${property:stock.url|http://stock}
            here requires http(${property:stock.url|http://stock}/levels/{})DELETE [call.http]
            here requires http(${property:stock.url|http://stock}/x)PUT [call.http]
            here requires http(http://${property:price.host|price}/rating/)POST [call.http]
            here requires http(http://${property:price.host|price}:${property:price.port|8080}/prices/)PUT [call.http]
            here requires http(http://PRICE-SERVICE/prices/{})GET [call.http]
            here requires http(http://RATING:{}/rating/)POST [call.http]
            here requires http(http://catalog:8080/items/{})GET [call.http]"#]],
    );
}

#[test]
fn clients_that_are_built_step_by_step() {
    check(
        "a/Client.java",
        r#"
package com.acme.cart;
import java.net.http.HttpRequest;
import org.springframework.web.reactive.function.client.WebClient;
class Client {
    private final WebClient.Builder builder;
    private final WebClient client;
    private RestClient rest = RestClient.create("http://rest");
    Client(WebClient.Builder builder, Props props) { this.builder = builder; this.client = builder.baseUrl(props.getUrl()).build(); }
    Mono<Item> a(long id) { return builder.build().get().uri("http://visits/pets/{id}", id).retrieve().bodyToMono(Item.class); }
    void b() { client.post().uri("/orders").retrieve(); client.method(HttpMethod.DELETE).uri(b -> b.path("/orders").queryParam("x").build()); }
    void c() { rest.get().uri("/c").retrieve(); }
    void d() { var r = HttpRequest.newBuilder(URI.create(System.getenv("CART_URL") + "/d")).GET().build(); }
    void e() { var r = HttpRequest.newBuilder().uri(URI.create(System.getenv().getOrDefault("CART", "http://cart"))).method("PUT", x).build(); }
    void f() { new URL("http://files/f").openConnection(); var q = new Request.Builder().url("http://ok/f").post(x).build(); }
    URI g() { return discoveryClient.getInstances("customers-service").get(0).getUri(); }
    DiscoveryClient discoveryClient;
    void h() { rest.get().uri(g() + "/owners").retrieve(); fetch("http://one/x"); }
    void fetch(String url) { rest.get().uri(url); }
}
"#,
        expect![[r#"
            here binds slot(com.acme.cart.Client)fetch#0 = http://one/x
            here requires http(${env:CART_URL}/d)GET [call.http]
            here requires http(${env:CART|http://cart})PUT [call.http]
            here requires http(${slot(com.acme.cart.Client)fetch#0})GET [call.http]
            here requires http(${slot(com.acme.cart.Props)url}/orders)DELETE [call.http]
            here requires http(${slot(com.acme.cart.Props)url}/orders)POST [call.http]
            here requires http(http://files/f)ANY [call.http]
            here requires http(http://ok/f)POST [call.http]
            here requires http(http://rest/c)GET [call.http]
            here requires http(http://visits/pets/{})GET [call.http]
            here requires http(lb://customers-service)ANY [call.http]
            here requires http(lb://customers-service/owners)GET [call.http]"#]],
    );
}

#[test]
fn kotlin_is_read_like_java() {
    check(
        "a/Client.kt",
        r#"
package com.acme.cart
import com.acme.shared.ORDERS_TOPIC
import io.ktor.client.HttpClient
const val HOST = "cart"
class Client(
    @Value("\${stock.url}") private val stock: String,
    private val rest: RestTemplate,
    private val kafka: KafkaTemplate<String, Order>,
) {
    private val http = HttpClient()
    fun a(id: Long): Item? = rest.getForObject("$stock/items/$id", Item::class.java)
    fun b() = rest.getForObject<Item>("http://$HOST:8080/items")
    suspend fun c() = http.get("http://${HOST}/c").body<String>()
    fun d(o: Order) { kafka.send(ORDERS_TOPIC, o); kafka.send(TOPIC, o) }
    companion object { const val TOPIC = "returns" }
}
@KafkaListener(topics = ["orders", "returns"])
fun on(order: Order) {}
"#,
        expect![[r#"
            here binds slot(com.acme.cart)HOST = cart
            here binds slot(com.acme.cart.Client)TOPIC = returns
            here binds slot(com.acme.cart.Client)stock = ${property:stock.url}
            here requires http(${property:stock.url}/items/{})GET [call.http]
            here requires http(http://cart/c)GET [call.http]
            here requires http(http://cart:8080/items)GET [call.http]
            here requires topic(${broker:kafka})${slot(com.acme.shared)ORDERS_TOPIC} [event.pub]
            here requires topic(${broker:kafka})orders [event.sub]
            here requires topic(${broker:kafka})returns [event.pub]
            here requires topic(${broker:kafka})returns [event.sub]"#]],
    );
}

#[test]
fn interfaces_that_are_clients() {
    check(
        "a/Clients.java",
        r#"
package com.acme.cart;
import retrofit2.http.GET;
@FeignClient("stock")
interface A { @RequestMapping(method = RequestMethod.GET, value = "/levels/{id}", consumes = X) Level get(@PathVariable String id); }
@FeignClient(name = "price-service", path = "/v1", fallback = B.class)
interface B extends PriceApi { }
@FeignClient(url = "${rates.url}", name = "rates-client")
interface C { @GetMapping("/latest") Rates get(); }
@FeignClient(value="ITEM-SERVICE"
    , fallback=X.class) @RequestMapping("/items")
interface D { @PostMapping void add(Item item); @DeleteMapping({"/{id}", "/by-id/{id}"}) void drop(long id); }
interface E { @GET("users/{user}") Call<User> user(@Path("user") String user); }
class Make { E e = new Retrofit.Builder().baseUrl("http://users:8080/").build().create(E.class); }
@HttpExchange("/tax") interface F { @GetExchange("/{land}") Tax tax(String land); }
class Make2 { F f(WebClient.Builder b) { WebClient w = b.baseUrl("lb://tax-service").build();
  HttpServiceProxyFactory factory = HttpServiceProxyFactory.builderFor(WebClientAdapter.create(w)).build(); return factory.createClient(F.class); } }
"#,
        expect![[r#"
            here binds slot(com.acme.cart.E)#base = http://users:8080/
            here binds slot(com.acme.cart.F)#base = lb://tax-service
            here requires http(${property:rates.url}/latest)GET [call.http]
            here requires http(${slot(com.acme.cart.E)#base}/users/{})GET [call.http]
            here requires http(${slot(com.acme.cart.F)#base}/tax/{})GET [call.http]
            here requires http(lb://ITEM-SERVICE/items)POST [call.http]
            here requires http(lb://ITEM-SERVICE/items/by-id/{})DELETE [call.http]
            here requires http(lb://ITEM-SERVICE/items/{})DELETE [call.http]
            here requires http(lb://price-service/v1)ANY [call.http]
            here requires http(lb://stock/levels/{})GET [call.http]"#]],
    );
}

#[test]
fn controllers_serve_routes() {
    check(
        "a/Api.java",
        r#"
package com.acme.cart;
@RestController
@RequestMapping({"/v1/carts", "/carts"})
class Api {
    static final String ONE = "/{id:[0-9]+}";
    @GetMapping List<Cart> all() { return null; }
    @GetMapping(ONE) Cart one() { return null; }
    @RequestMapping(path = "/find", method = {RequestMethod.GET, RequestMethod.POST}) Cart find() { return null; }
}
@Controller class Page { @RequestMapping("/") String index() { return ""; } @GetMapping("/static/**") void f() {} }
interface CartApi { @GetMapping("/none") void none(); }
@RepositoryRestResource(collectionResourceRel = "catalog", path = "catalog") interface Repo extends Repository<Item, Long> { }
class Grpc extends CartServiceGrpc.CartServiceImplBase { }
"#,
        expect![[r#"
            here binds slot(com.acme.cart.Api)ONE = /{id:[0-9]+}
            here provides grpc:CartService
            here provides http:ANY ${property:server.servlet.context-path|}/
            here provides http:ANY ${property:spring.data.rest.base-path|}/catalog
            here provides http:ANY ${property:spring.data.rest.base-path|}/catalog/{}
            here provides http:GET ${property:server.servlet.context-path|}/carts
            here provides http:GET ${property:server.servlet.context-path|}/carts/find
            here provides http:GET ${property:server.servlet.context-path|}/carts/{}
            here provides http:GET ${property:server.servlet.context-path|}/static/*
            here provides http:GET ${property:server.servlet.context-path|}/v1/carts
            here provides http:GET ${property:server.servlet.context-path|}/v1/carts/find
            here provides http:GET ${property:server.servlet.context-path|}/v1/carts/{}
            here provides http:POST ${property:server.servlet.context-path|}/carts/find
            here provides http:POST ${property:server.servlet.context-path|}/v1/carts/find"#]],
    );
}

#[test]
fn topics_and_queues() {
    check(
        "a/Events.java",
        r#"
package com.acme.cart;
import com.acme.shared.Topics;
import org.springframework.cloud.stream.messaging.Sink;
@EnableBinding(Sink.class)
class Events {
    static final String EXCHANGE = "shop";
    KafkaTemplate<String, Order> kafka; RabbitTemplate rabbit; StreamBridge bridge; JmsTemplate jms;
    @Value("${orders.topic:orders}") String topic;
    void send(Order o) {
        kafka.send(Topics.ORDERS, o.id(), o);
        kafka.send(topic, o);
        kafka.send(new ProducerRecord<>("records", o));
        rabbit.convertAndSend(EXCHANGE, "order.new", o);
        rabbit.convertAndSend("mails", o);
        bridge.send("audit-out-0", o);
        jms.convertAndSend("invoices", o);
    }
    @KafkaListener(
        topics = {
            "returns",
            "${refunds.topic}" },
        groupId = "cart")
    @SendTo("answers")
    Answer on(Order o) { return null; }
    @RabbitListener(queues = "mails") void mail(Mail m) {}
    @RabbitListener(bindings = @QueueBinding(value = @Queue("q"), exchange = @Exchange("stock"), key = "k")) void stock(Stock s) {}
    @StreamListener(Sink.INPUT) void in(Order o) {}
    @JmsListener(destination = "invoices") void jms(Invoice i) {}
    @Bean Queue queue() { return new Queue("prices", true); }
    @Bean TopicExchange exchange() { return new TopicExchange(EXCHANGE); }
    @Bean Binding binding(Queue queue, TopicExchange exchange) { return BindingBuilder.bind(queue).to(exchange).with("p.#"); }
}
"#,
        expect![[r#"
            here binds queue:prices = shop
            here binds slot(com.acme.cart.Events)EXCHANGE = shop
            here binds slot(com.acme.cart.Events)topic = ${property:orders.topic|orders}
            here requires topic(${broker:jms})invoices [event.pub]
            here requires topic(${broker:jms})invoices [event.sub]
            here requires topic(${broker:kafka})${property:orders.topic|orders} [event.pub]
            here requires topic(${broker:kafka})${property:refunds.topic} [event.sub]
            here requires topic(${broker:kafka})${slot(com.acme.shared.Topics)ORDERS} [event.pub]
            here requires topic(${broker:kafka})answers [event.pub]
            here requires topic(${broker:kafka})records [event.pub]
            here requires topic(${broker:kafka})returns [event.sub]
            here requires topic(${broker:rabbitmq})${queue:mails|mails} [event.pub]
            here requires topic(${broker:rabbitmq})${queue:mails|mails} [event.sub]
            here requires topic(${broker:rabbitmq})shop [event.pub]
            here requires topic(${broker:rabbitmq})stock [event.sub]
            here requires topic(${broker:stream})${property:spring.cloud.stream.bindings.audit-out-0.destination|audit-out-0} [event.pub]
            here requires topic(${broker:stream})${property:spring.cloud.stream.bindings.input.destination|input} [event.sub] ×2"#]],
    );
}

#[test]
fn all_topics_of_a_long_list_count() {
    check(
        "a/Listener.java",
        r#"
package com.acme.cart;
import org.apache.kafka.clients.consumer.KafkaConsumer;
class Listener {
    private static final String[] MORE = {"f", "g", "h", "i", "j"};
    @KafkaListener(topics = {"a", "b", "c", "d", "e"}) void some() { }
    @KafkaListener(topics = MORE) void more() { }
    void all() { new KafkaConsumer<>().subscribe(List.of("k", "l", "m", "n", "o")); }
}
"#,
        expect![[r#"
            here requires topic(${broker:kafka})a [event.sub]
            here requires topic(${broker:kafka})b [event.sub]
            here requires topic(${broker:kafka})c [event.sub]
            here requires topic(${broker:kafka})d [event.sub]
            here requires topic(${broker:kafka})e [event.sub]
            here requires topic(${broker:kafka})f [event.sub]
            here requires topic(${broker:kafka})g [event.sub]
            here requires topic(${broker:kafka})h [event.sub]
            here requires topic(${broker:kafka})i [event.sub]
            here requires topic(${broker:kafka})j [event.sub]
            here requires topic(${broker:kafka})k [event.sub]
            here requires topic(${broker:kafka})l [event.sub]
            here requires topic(${broker:kafka})m [event.sub]
            here requires topic(${broker:kafka})n [event.sub]
            here requires topic(${broker:kafka})o [event.sub]"#]],
    );
}

#[test]
fn names_inside_of_themselves_are_what_they_were_given_before() {
    check(
        "a/Client.java",
        r#"
package com.acme.cart;
class Client {
    private RestTemplate rest;
    private String base = "http://catalog";
    void a(boolean all) {
        String url = base + "/items";
        if (all) { url = url + "/all"; }
        rest.getForObject(url, String.class);
    }
    String path(int n) { if (n > 0) { return path(n - 1); } return "http://orders/x"; }
    void b() { rest.getForObject(path(2), String.class); }
}
"#,
        expect![[r#"
            here binds slot(com.acme.cart.Client)base = http://catalog
            here requires http(http://catalog/items)GET [call.http]
            here requires http(http://catalog/items/all)GET [call.http]
            here requires http(http://orders/x)GET [call.http]"#]],
    );
    // Many names that are given each other would be looked into in every order.
    let names: Vec<String> = (0..12).map(|number| format!("n{number}")).collect();
    let sum = names.join(" + ");
    let set: String = names
        .iter()
        .map(|name| format!("{name} = {sum};"))
        .collect();
    let declared: String = names
        .iter()
        .map(|name| format!("String {name} = \"\";"))
        .collect();
    let text = format!(
        "class A {{ void a(RestTemplate rest) {{ {declared} {set} rest.getForObject(n0, String.class); }} }}"
    );
    let found = lines(&Services, "a/A.java", &text);
    assert!(!found.contains("not read"), "{found}");
}

#[test]
fn lists_without_an_end_are_told() {
    let topics: Vec<String> = (0..100).map(|number| format!("\"t{number}\"")).collect();
    let text = format!(
        "class A {{ @KafkaListener(topics = {{{}}}) void a() {{}} }}",
        topics.join(", ")
    );
    let found = lines(&Services, "a/A.java", &text);
    assert!(found.contains("the rest is not read"), "{found}");
}

#[test]
fn all_arguments_of_a_constructor_count() {
    check(
        "a/Config.java",
        r#"
package com.acme.cart;
class Config {
    Clients clients() { return new Clients(1, 2, 3, 4, 5, 6, 7, 8, "http://catalog:8080"); }
}
"#,
        expect!["here binds slot(com.acme.cart.Clients)Clients#8 = http://catalog:8080"],
    );
}

#[test]
fn remote_procedures_and_stores() {
    check(
        "a/Rpc.java",
        r#"
package com.acme.cart;
import com.acme.pb.StockGrpc;
class Rpc {
    @GrpcClient("price") PriceGrpc.PriceBlockingStub price;
    private final StockGrpc.StockBlockingStub stock;
    Rpc() {
        ManagedChannel channel = ManagedChannelBuilder.forAddress(System.getenv("STOCK_HOST"), 50051).usePlaintext().build();
        this.stock = StockGrpc.newBlockingStub(channel);
    }
    void a() { stock.withDeadlineAfter(1, S).getLevel(r); price.getPrice(r); }
    void b() { DataSourceBuilder.create().url("jdbc:postgresql://db/x").build(); DriverManager.getConnection("jdbc:h2:mem:x"); }
    void c() { new Jedis("redis", 6379).get("x"); MongoClients.create(System.getenv("MONGO")); }
}
"#,
        expect![[r#"
            here binds slot(com.acme.cart.Rpc)price = ${property:grpc.client.price.address|${property:quarkus.grpc.clients.price.host|price}}
            here binds slot(com.acme.cart.Rpc)stock = ${env:STOCK_HOST}:50051
            here requires grpc(${property:grpc.client.price.address|${property:quarkus.grpc.clients.price.host|price}})Price/GetPrice [call.grpc]
            here requires store(${env:MONGO})mongodb [data.use] [read, write]
            here requires store(jdbc:postgresql://db/x) [data.use] [read, write]
            here requires store(redis:6379)redis [data.use] [read, write]"#]],
    );
}

#[test]
fn constants_and_settings_are_told_to_others() {
    check(
        "a/Topics.java",
        r#"
package com.acme.shared;
public final class Topics {
    public static final String ORDERS = "orders";
    public static final String PREFIX = "acme.", FULL_TOPIC = PREFIX + ORDERS;
    static final int SIZE_TOPIC = 3;
    String text = "just a text";
    String url = "http://cart:8080/x";
}
@ConfigurationProperties(prefix = "acme.clients")
class Props { private String url = "http://default"; private int count; }
"#,
        expect![[r#"
            here binds slot(com.acme.shared.Props)url = ${property:acme.clients.url|http://default}
            here binds slot(com.acme.shared.Topics)FULL_TOPIC = acme.orders
            here binds slot(com.acme.shared.Topics)ORDERS = orders
            here binds slot(com.acme.shared.Topics)PREFIX = acme.
            here binds slot(com.acme.shared.Topics)url = http://cart:8080/x"#]],
    );
}

#[test]
fn broken_and_hostile_texts_end() {
    for text in [
        "class A { @FeignClient(",
        "class A { RestTemplate r; void f() { r.getForObject(",
        "@KafkaListener(topics = {\"a\"",
        "\"http://open",
    ] {
        lines(&Services, "a/A.java", text);
        lines(&Services, "a/A.kt", text);
    }
    // Definitions that lead back to themselves.
    let text = r#"
package a;
@ConfigurationProperties(prefix = Props.PREFIX)
class Props { static final String PREFIX = "x"; @ConfigProperty(name = A) String A = B.get(A); Props next = next.getNext().next; Props getNext() { return this.getNext().next; } }
"#;
    let found = lines(&Services, "a/Props.java", text);
    assert!(found.contains("slot(a.Props)A"), "{found}");
    for piece in [
        "a + ",
        "(",
        "x.f(",
        "new A(",
        "a ? b : ",
        "\"$a ${b}\" + ",
        "f(f(",
        "this.x = y + x; ",
    ] {
        for name in ["a/A.java", "a/A.kt"] {
            let text = format!(
                "class A {{ RestTemplate r; void f() {{ r.put({}",
                piece.repeat(5_000)
            );
            lines(&Services, name, text);
        }
    }
}
