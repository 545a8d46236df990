// Consuming with librdkafka as a member of a group that only reads: no byte is looked at, no position settled. It polls
// as librdkafka's own examples do; taking batches off the queue is not safe beside a rebalance in older versions.

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "reference.h"

// Joins a group of its own and reads so many messages; the time runs from the first that arrives.
static duration_t read_messages(const setting_t *setting, size_t operations, int run) {
    char reason[512], group[128];
    rd_kafka_conf_t *configuration = make_configuration(setting);
    snprintf(group, sizeof(group), "reference-%d-%" PRId64 "-%d", (int)getpid(), now().wall, run);
    rd_kafka_conf_set(configuration, "group.id", group, reason, sizeof(reason));
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, reason, sizeof(reason));
    if (client == NULL) fail("consumer", reason);
    rd_kafka_poll_set_consumer(client);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, setting->topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(client, topics);
    if (error) fail("subscribe", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(topics);

    duration_t start = {0}, taken = {0};
    size_t seen = 0;
    while (seen < operations) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client, 100);
        if (message == NULL) continue;
        if (message->err) fail("consume", rd_kafka_message_errstr(message));
        if (seen++ == 0) start = now();
        if (seen == operations) taken = since(start);
        rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
    return taken;
}

int consume(const setting_t *setting) {
    size_t operations;
    for (int run = 0; next_run(&operations); run++) answer(read_messages(setting, operations, run), 0);
    return 0;
}
