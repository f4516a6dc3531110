//! What settings, starters and servers of the platform come to, from facts by hand.

use expect_test::expect;

use crate::resolve::situations::{check, resolved};

const SHOP: &str = "
    cart/App.java: H provides trait:entry-point
    cart/application.yml: H provides discovery:cart
    compose.yaml: compose(path:.)cart component service
    compose.yaml: compose(path:.)cart runs path:cart
    compose.yaml: compose(path:.)db component datastore
    compose.yaml: compose(path:.)db provides host(compose:.)db
    compose.yaml: compose(path:.)dev-db component datastore
    compose.yaml: compose(path:.)dev-db provides host(compose:.)dev-db
    compose.yaml: compose(path:.)queue component broker
    compose.yaml: compose(path:.)queue provides host(compose:.)queue
    registry/App.java: H component service
    registry/App.java: H provides trait:discovery-server
    config/App.java: H component service
    config/App.java: H provides trait:config-server
";

fn shop(lines: &str) -> String {
    format!("{SHOP}{lines}")
}

#[test]
fn what_a_profile_says_holds_where_it_is_active() {
    let settings = "
        cart/application.yml: H binds property:spring.datasource.url = jdbc:postgresql://dev-db/cart
        cart/application.yml: H binds property:spring.datasource.url = jdbc:postgresql://db/cart when variant docker|k8s
        cart/application.yml: H binds property:spring.datasource.url = jdbc:h2:mem:x when variant test
    ";
    let active = "compose.yaml: compose(path:.)cart binds env:SPRING_PROFILES_ACTIVE = docker,x";
    check(
        &resolved(&["shop"], &shop(&format!("{settings}{active}"))),
        expect![[r#"
            path:cart -> compose:db data.use  (observed, 1)
                cart/application.yml:2 > cart/application.yml:3 > compose.yaml:4
        "#]],
    );
    check(
        &resolved(&["shop"], &shop(settings)),
        expect![[r#"
        path:cart -> compose:db data.use  (observed, 1)
            cart/application.yml:2 > cart/application.yml:3 > compose.yaml:4
        path:cart -> compose:dev-db data.use  (observed, 1)
            cart/application.yml:2 > cart/application.yml:2 > compose.yaml:6
    "#]],
    );
}

#[test]
fn the_environment_sets_what_files_say() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                cart/application.yml: H binds property:spring.rabbitmq.host = localhost
                cart/App.java: H requires topic(${broker:rabbitmq})orders event.pub
                compose.yaml: compose(path:.)cart binds env:SPRING_RABBITMQ_HOST = queue
                compose.yaml: compose(path:.)cart binds env:SPRING_DATASOURCE_URL = jdbc:mysql://db:3306/cart
                ",
            ),
        ),
        expect![[r#"
            path:cart -> compose:db data.use  (observed, 1)
                compose.yaml:10 > compose.yaml:10 > compose.yaml:4
            path:cart -> compose:queue event.pub orders (inferred, 1)
                cart/App.java:2 > compose.yaml:9 > compose.yaml:9 > compose.yaml:9 > compose.yaml:8
        "#]],
    );
}

#[test]
fn a_server_on_the_developers_machine_is_the_only_one_with_the_role() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                cart/pom.xml: H requires maven:org.springframework.cloud:spring-cloud-starter-eureka link.impl
                cart/pom.xml: H requires maven:org.springframework.cloud:spring-cloud-starter-config link.impl
                cart/application.yml: H binds property:eureka.client.serviceUrl.defaultZone = http://localhost:8761/eureka/
                cart/bootstrap.yml: H binds property:spring.cloud.config.enabled = false
                ",
            ),
        ),
        expect![[r#"
            path:cart -> path:registry call.http discovery-server (inferred, 2)
                cart/application.yml:2 > cart/application.yml:2 > registry/App.java:2
                cart/pom.xml:1 > cart/application.yml:2 > registry/App.java:2
        "#]],
    );
}

#[test]
fn starters_of_brokers_use_the_broker_without_a_topic() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                cart/pom.xml: H requires maven:org.springframework.cloud:spring-cloud-starter-stream-rabbit link.impl
                cart/App.java: H requires topic(${broker:stream})${property:spring.cloud.stream.bindings.in.destination|in} event.sub
                cart/application.yml: H binds property:spring.cloud.stream.bindings.in.destination = prices
                cart/application.yml: H binds property:spring.rabbitmq.addresses = queue:5672
                ",
            ),
        ),
        expect![[r#"
            path:cart -> compose:queue event.pub  (observed, 1)
                cart/pom.xml:1 > cart/application.yml:3 > cart/application.yml:3 > compose.yaml:8
            path:cart -> compose:queue event.sub prices (observed, 1)
                cart/App.java:2 > cart/application.yml:2 > cart/pom.xml:1 > cart/application.yml:3 > cart/application.yml:3 > compose.yaml:8
        "#]],
    );
}

#[test]
fn what_nobody_is_handed_is_told() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                gate/bootstrap.yml: H component gateway
                gate/bootstrap.yml: H provides discovery:gate
                gate/bootstrap.yml: H binds property:spring.cloud.config.uri = http://localhost:8888
                config/shared/gate.yml: F binds property:stock.url = http://stock
                config/shared/gate.yml: F requires http(lb://cart/*)ANY call.route
                config/shared/nobody.yml: F binds property:stock.url = http://stock
                config/shared/nobody.yml: F requires http(lb://cart/*)ANY call.route
                ",
            ),
        ),
        expect![[r#"
            path:gate -> path:cart call.route ANY /* (observed, 1)
                config/shared/gate.yml:2 > cart/application.yml:1
            path:gate -> path:config call.http config-server (inferred, 1)
                gate/bootstrap.yml:3 > gate/bootstrap.yml:3 > config/App.java:2
            unresolved config/shared/nobody.yml:2 http(lb://cart/*)ANY: nothing here offers it
        "#]],
    );
}

const ZUUL: &str = "
    cart/App.java: H requires platform(${property:eureka.client.service-url.defaultZone})discovery-server call.http
    bill/App.java: H component service
    bill/App.java: H provides discovery:bill
    bill/App.java: H requires platform(${property:eureka.client.service-url.defaultZone})discovery-server call.http
    batch/App.java: H component service
    batch/App.java: H provides discovery:batch
    edge/App.java: H component service
    edge/App.java: H provides trait:discovery-gateway
";

#[test]
fn a_gateway_without_routes_leads_to_all_that_register() {
    check(
        &resolved(&["shop"], &shop(ZUUL)),
        expect![[r#"
        path:bill -> path:registry call.http discovery-server (inferred, 1)
            bill/App.java:3 > registry/App.java:2
        path:cart -> path:registry call.http discovery-server (inferred, 1)
            cart/App.java:2 > registry/App.java:2
        path:edge -> path:bill call.route ANY /bill/* (inferred, 1)
            edge/App.java:2 > bill/App.java:2
        path:edge -> path:cart call.route ANY /cart/* (inferred, 1)
            edge/App.java:2 > cart/application.yml:1
    "#]],
    );
    let ignored = "edge/application.yml: H binds property:zuul.ignoredServices = bill";
    check(
        &resolved(&["shop"], &shop(&format!("{ZUUL}{ignored}"))),
        expect![[r#"
            path:bill -> path:registry call.http discovery-server (inferred, 1)
                bill/App.java:3 > registry/App.java:2
            path:cart -> path:registry call.http discovery-server (inferred, 1)
                cart/App.java:2 > registry/App.java:2
            path:edge -> path:cart call.route ANY /cart/* (inferred, 1)
                edge/App.java:2 > cart/application.yml:1
        "#]],
    );
}

#[test]
fn a_gateway_with_routes_or_unknown_settings_leads_nowhere_by_itself() {
    for more in [
        "edge/application.yml: H binds route:/bill/* = http://bill/*",
        "edge/application.yml: H binds property:zuul.ignored-services = *",
    ] {
        check(
            &resolved(&["shop"], &shop(&format!("{ZUUL}{more}"))),
            expect![[r#"
                path:bill -> path:registry call.http discovery-server (inferred, 1)
                    bill/App.java:3 > registry/App.java:2
                path:cart -> path:registry call.http discovery-server (inferred, 1)
                    cart/App.java:2 > registry/App.java:2
            "#]],
        );
    }
    let far = "edge/App.java: H requires platform(http://config:8888)config-server call.http";
    check(
        &resolved(&["shop"], &shop(&format!("{ZUUL}{far}"))),
        expect![[r#"
            path:bill -> path:registry call.http discovery-server (inferred, 1)
                bill/App.java:3 > registry/App.java:2
            path:cart -> path:registry call.http discovery-server (inferred, 1)
                cart/App.java:2 > registry/App.java:2
            path:edge -> path:config call.http config-server (inferred, 1)
                edge/App.java:3
            unresolved edge/App.java:2 discovery:{}: nothing binds property:zuul.routes
        "#]],
    );
}

#[test]
fn a_package_without_a_setting_tells_only_what_a_program_can_do() {
    check(
        &resolved(
            &["shop"],
            &shop(
                "
                compose.yaml: compose(path:.)queue provides trait:engine/rabbitmq
                cart/pom.xml: H requires maven:org.springframework.cloud:spring-cloud-starter-bus-amqp link.impl
                bill/pom.xml: H component service
                bill/pom.xml: H requires maven:org.springframework.cloud:spring-cloud-starter-bus-amqp link.impl
                bill/application.yml: H binds property:spring.rabbitmq.host = queue
                ",
            ),
        ),
        expect![[r#"
            path:bill -> compose:queue event.pub  (inferred, 1)
                bill/pom.xml:2 > bill/application.yml:1 > bill/application.yml:1 > bill/application.yml:1 > compose.yaml:8
            unresolved cart/pom.xml:1 topic(${broker:rabbitmq}): nothing binds broker:rabbitmq
        "#]],
    );
}
