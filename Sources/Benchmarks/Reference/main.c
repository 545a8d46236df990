// The programs in C that the Kafka benchmarks are measured against: librdkafka used directly, with bytes prepared in
// advance. One process serves one command; it reads a number of operations a line and answers with the time they took.
//
//   rdkafka-reference mock PARTITIONS
//   rdkafka-reference create-topic BROKERS TOPIC PARTITIONS [NAME=VALUE]...
//   rdkafka-reference delete-topic BROKERS TOPIC
//   rdkafka-reference fill BROKERS TOPIC FILE COUNT PARTITIONS [NAME=VALUE]...
//   rdkafka-reference produce BROKERS TOPIC FILE [NAME=VALUE]...
//   rdkafka-reference produce-awaited BROKERS TOPIC FILE [NAME=VALUE]...
//   rdkafka-reference produce-concurrently BROKERS TOPIC FILE WINDOW [NAME=VALUE]...
//   rdkafka-reference consume BROKERS TOPIC [NAME=VALUE]...

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "reference.h"

_Noreturn void fail(const char *what, const char *reason) {
    fprintf(stderr, "rdkafka-reference: %s: %s\n", what, reason);
    exit(1);
}

static duration_t clocks(void) {
    struct timespec wall, processor;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &processor);
    return (duration_t){
        .wall = (int64_t)wall.tv_sec * 1000000000 + wall.tv_nsec,
        .processor = (int64_t)processor.tv_sec * 1000000000 + processor.tv_nsec,
    };
}

duration_t now(void) { return clocks(); }

duration_t since(duration_t start) {
    duration_t end = clocks();
    return (duration_t){.wall = end.wall - start.wall, .processor = end.processor - start.processor};
}

bool next_run(size_t *operations) {
    char line[64];
    if (fgets(line, sizeof(line), stdin) == NULL) return false;
    *operations = strtoull(line, NULL, 10);
    return true;
}

void answer(duration_t taken, int64_t median) {
    printf("%" PRId64 " %" PRId64 " %" PRId64 "\n", taken.wall, taken.processor, median);
    fflush(stdout);
}

batch_t read_batch(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path, strerror(errno));
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)size);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) fail(path, "cannot be read");
    fclose(file);

    batch_t batch = {0};
    const char *rest = bytes, *end = bytes + size;
    for (int part = 0; rest < end; part++) {
        uint32_t length;
        if ((size_t)(end - rest) < sizeof(length)) fail(path, "is cut off");
        memcpy(&length, rest, sizeof(length));
        rest += sizeof(length);
        if ((size_t)(end - rest) < length) fail(path, "is cut off");
        if (part == 0) {
            batch.header_name = strndup(rest, length);
        } else if (part == 1) {
            batch.header_value = strndup(rest, length);
        } else if (part % 2 == 0) {
            batch.messages = realloc(batch.messages, (batch.count + 1) * sizeof(message_t));
            batch.messages[batch.count] = (message_t){.key = rest, .key_size = length};
        } else {
            batch.messages[batch.count].value = rest;
            batch.messages[batch.count].value_size = length;
            batch.count++;
        }
        rest += length;
    }
    if (batch.count == 0) fail(path, "has no messages");
    return batch;
}

rd_kafka_conf_t *make_configuration(const setting_t *setting) {
    char reason[512];
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    if (rd_kafka_conf_set(configuration, "bootstrap.servers", setting->brokers, reason, sizeof(reason)) != RD_KAFKA_CONF_OK)
        fail("bootstrap.servers", reason);
    for (int index = 0; index < setting->property_count; index++) {
        char *name = strdup(setting->properties[index]);
        char *value = strchr(name, '=');
        if (value == NULL) fail(name, "is not NAME=VALUE");
        *value++ = 0;
        if (rd_kafka_conf_set(configuration, name, value, reason, sizeof(reason)) != RD_KAFKA_CONF_OK)
            fail(name, reason);
        free(name);
    }
    return configuration;
}

int main(int count, char **arguments) {
    const char *command = count > 1 ? arguments[1] : "";
    int given = count - 2;
    char **rest = arguments + 2;
    if (strcmp(command, "mock") == 0 && given == 1) return run_mock_cluster(atoi(rest[0]));
    if (given < 2) fail("usage", "rdkafka-reference COMMAND BROKERS TOPIC ...");

    setting_t setting = {.brokers = rest[0], .topic = rest[1]};
    struct {
        const char *name;
        int parameters;
    } commands[] = {
        {"create-topic", 1}, {"delete-topic", 0}, {"fill", 3}, {"produce", 1},
        {"produce-awaited", 1}, {"produce-concurrently", 2}, {"consume", 0},
    };
    for (size_t index = 0; index < sizeof(commands) / sizeof(commands[0]); index++) {
        int parameters = commands[index].parameters;
        if (strcmp(command, commands[index].name) != 0) continue;
        if (given < 2 + parameters) fail(command, "too few arguments");
        setting.properties = rest + 2 + parameters;
        setting.property_count = given - 2 - parameters;
        if (index == 0) return create_topic(&setting, atoi(rest[2]));
        if (index == 1) return delete_topic(&setting);
        if (index == 6) return consume(&setting);
        batch_t batch = read_batch(rest[2]);
        if (index == 2) return fill(&setting, &batch, strtoull(rest[3], NULL, 10), atoi(rest[4]));
        if (index == 3) return produce(&setting, &batch);
        if (index == 4) return produce_awaited(&setting, &batch);
        return produce_concurrently(&setting, &batch, strtoull(rest[3], NULL, 10));
    }
    fail(command, "is no command");
}
