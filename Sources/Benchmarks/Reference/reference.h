// What the parts of the reference program share.
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A message that was prepared in advance.
typedef struct {
    const char *key;
    size_t key_size;
    const char *value;
    size_t value_size;
} message_t;

// The prepared messages, and the header that each of them carries.
typedef struct {
    message_t *messages;
    size_t count;
    const char *header_name;
    const char *header_value;
} batch_t;

// What all commands are given: where the broker is, the topic, and librdkafka's properties.
typedef struct {
    const char *brokers;
    const char *topic;
    char **properties;
    int property_count;
} setting_t;

// What a run took.
typedef struct {
    int64_t wall;
    int64_t processor;
} duration_t;

// Says what is wrong and ends the program.
_Noreturn void fail(const char *what, const char *reason);

// Reads prepared messages: the header's name and value, then key and value of each message, each as a 32 bit size in the
// machine's byte order and so many bytes.
batch_t read_batch(const char *path);

// A configuration with the given properties, "name=value" each; the caller owns it.
rd_kafka_conf_t *make_configuration(const setting_t *setting);

duration_t now(void);
duration_t since(duration_t start);

// Reads the next number of operations from standard input; false at its end.
bool next_run(size_t *operations);

// Answers with the times of a run in nanoseconds; `median` is the median of single operations, 0 if there is none.
void answer(duration_t taken, int64_t median);

int produce(const setting_t *setting, const batch_t *batch);
int produce_awaited(const setting_t *setting, const batch_t *batch);
int produce_concurrently(const setting_t *setting, const batch_t *batch, size_t window);
int fill(const setting_t *setting, const batch_t *batch, size_t count, int partitions);
int consume(const setting_t *setting);
int create_topic(const setting_t *setting, int partitions);
int delete_topic(const setting_t *setting);
int run_mock_cluster(int partitions);
