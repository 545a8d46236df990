// Producing with librdkafka as directly as it goes: the bytes are lent, not copied, and one thread produces and serves
// the delivery reports.

#include <stdlib.h>
#include <string.h>

#include "reference.h"

typedef struct {
    rd_kafka_t *client;
    rd_kafka_topic_t *topic;
    const batch_t *batch;
    // Reports so far.
    size_t reported;
    // The first error that was reported.
    rd_kafka_resp_err_t error;
    // How many messages were handed over, and how many are to be: for the window of concurrent publishes.
    size_t produced;
    size_t target;
} producer_t;

static void hand_over(producer_t *producer, size_t index, int32_t partition) {
    const message_t *message = &producer->batch->messages[index % producer->batch->count];
    while (true) {
        rd_kafka_resp_err_t error = rd_kafka_producev(
            producer->client, RD_KAFKA_V_RKT(producer->topic), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_KEY(message->key, message->key_size),
            RD_KAFKA_V_VALUE((void *)message->value, message->value_size),
            RD_KAFKA_V_HEADER(producer->batch->header_name, producer->batch->header_value, -1), RD_KAFKA_V_END);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) break;
        if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) fail("produce", rd_kafka_err2str(error));
        rd_kafka_poll(producer->client, 10);
    }
}

static void count_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    producer_t *producer = opaque;
    if (message->err && !producer->error) producer->error = message->err;
    producer->reported++;
}

// A report makes room for the next publish.
static void go_on(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    producer_t *producer = opaque;
    count_report(client, message, opaque);
    if (producer->produced < producer->target) hand_over(producer, producer->produced++, RD_KAFKA_PARTITION_UA);
}

static void open_producer(
    producer_t *producer, const setting_t *setting, const batch_t *batch,
    void (*report)(rd_kafka_t *, const rd_kafka_message_t *, void *)
) {
    char reason[512];
    rd_kafka_conf_t *configuration = make_configuration(setting);
    rd_kafka_conf_set_dr_msg_cb(configuration, report);
    rd_kafka_conf_set_opaque(configuration, producer);
    *producer = (producer_t){.batch = batch};
    producer->client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason, sizeof(reason));
    if (producer->client == NULL) fail("producer", reason);
    producer->topic = rd_kafka_topic_new(producer->client, setting->topic, NULL);
    if (producer->topic == NULL) fail("topic", rd_kafka_err2str(rd_kafka_last_error()));
}

static int close_producer(producer_t *producer) {
    rd_kafka_topic_destroy(producer->topic);
    rd_kafka_destroy(producer->client);
    return 0;
}

static void await_reports(producer_t *producer, size_t count) {
    while (producer->reported < count) rd_kafka_poll(producer->client, 100);
    if (producer->error) fail("delivery", rd_kafka_err2str(producer->error));
}

int produce(const setting_t *setting, const batch_t *batch) {
    producer_t producer;
    open_producer(&producer, setting, batch, count_report);
    size_t operations;
    while (next_run(&operations)) {
        producer.reported = 0;
        duration_t start = now();
        for (size_t index = 0; index < operations; index++) {
            hand_over(&producer, index, RD_KAFKA_PARTITION_UA);
            if (index % 64 == 63) rd_kafka_poll(producer.client, 0);
        }
        rd_kafka_flush(producer.client, 60000);
        await_reports(&producer, operations);
        answer(since(start), 0);
    }
    return close_producer(&producer);
}

static int compare(const void *left, const void *right) {
    int64_t first = *(const int64_t *)left, second = *(const int64_t *)right;
    return (first > second) - (first < second);
}

int produce_awaited(const setting_t *setting, const batch_t *batch) {
    producer_t producer;
    open_producer(&producer, setting, batch, count_report);
    size_t operations;
    while (next_run(&operations)) {
        int64_t *latencies = malloc(operations * sizeof(int64_t));
        if (latencies == NULL) fail("memory", "is used up");
        duration_t start = now();
        for (size_t index = 0; index < operations; index++) {
            duration_t single = now();
            producer.reported = 0;
            hand_over(&producer, index, RD_KAFKA_PARTITION_UA);
            await_reports(&producer, 1);
            latencies[index] = since(single).wall;
        }
        duration_t taken = since(start);
        qsort(latencies, operations, sizeof(int64_t), compare);
        answer(taken, latencies[operations / 2]);
        free(latencies);
    }
    return close_producer(&producer);
}

int produce_concurrently(const setting_t *setting, const batch_t *batch, size_t window) {
    producer_t producer;
    open_producer(&producer, setting, batch, go_on);
    size_t operations;
    while (next_run(&operations)) {
        producer.reported = 0;
        producer.target = operations;
        producer.produced = window < operations ? window : operations;
        size_t first = producer.produced;
        duration_t start = now();
        for (size_t index = 0; index < first; index++) hand_over(&producer, index, RD_KAFKA_PARTITION_UA);
        await_reports(&producer, operations);
        answer(since(start), 0);
    }
    return close_producer(&producer);
}

// Each key has a partition of its own, as with any partitioner that goes by the key; the keys take turns, so that all
// partitions are as full.
static int32_t *partitions_of_keys(const batch_t *batch, int partitions) {
    int32_t *found = malloc(batch->count * sizeof(int32_t));
    if (found == NULL) fail("memory", "is used up");
    int keys = 0;
    for (size_t index = 0; index < batch->count; index++) {
        const message_t *message = &batch->messages[index];
        size_t first = 0;
        while (first < index &&
               (batch->messages[first].key_size != message->key_size ||
                memcmp(batch->messages[first].key, message->key, message->key_size) != 0))
            first++;
        found[index] = first < index ? found[first] : (int32_t)(keys++ % partitions);
    }
    return found;
}

int fill(const setting_t *setting, const batch_t *batch, size_t count, int partitions) {
    producer_t producer;
    open_producer(&producer, setting, batch, count_report);
    int32_t *partition = partitions_of_keys(batch, partitions);
    for (size_t index = 0; index < count; index++) {
        hand_over(&producer, index, partition[index % batch->count]);
        if (index % 64 == 63) rd_kafka_poll(producer.client, 0);
    }
    await_reports(&producer, count);
    free(partition);
    return close_producer(&producer);
}
