/* The fastest server that generators of load can be held against: it reads requests and does
 * nothing with them.
 *
 *     reader ANSWER
 *
 * It listens on a port of loopback that the system chooses, prints the port, and answers each
 * request with ANSWER, a JSON text, once all bytes that its Content-Length announces were read.
 * One thread, one core. It ends when its standard input does: with whoever started it.
 *
 * When there is nothing to read, it goes on looking for a while before it sleeps. To wake a
 * processor that sleeps takes longer than a small request, most of all on a virtual machine, and
 * the generator would pay for it: with each request that it sends, the more the slower it is.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_HEAD = 8192,        /* bytes of a request's head */
    MOST_ANSWER = 4096,      /* bytes of the answer, with its head */
    MOST_CONNECTIONS = 1024,
    EVENTS = 64,             /* taken from the system at once */
    PIECE = 1 << 20,         /* bytes read at once */
    AWAKE = 200000,          /* nanoseconds without anything to read before it sleeps */
};

struct connection {
    int fd;
    long long body_left;     /* bytes of a body that are still to come */
    size_t head_size;        /* bytes of a head that have come */
    char head[MOST_HEAD + 1];
};

static char piece[PIECE];
static char answer[MOST_ANSWER];
static size_t answer_size;
static int connections;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void drop(struct connection *from) {
    close(from->fd);
    free(from);
    connections--;
}

/* The length that a whole head announces; -1 where it announces none that can be read. */
static long long announced(const char *head) {
    static const char name[] = "\r\nContent-Length:";
    const char *found = strcasestr(head, name);
    if (found == NULL) {
        return -1;
    }
    char *end;
    errno = 0;
    long long length = strtoll(found + sizeof name - 1, &end, 10);
    return errno == 0 && *end == '\r' ? length : -1;
}

/* Answer; the answer is small, and its reader waits for it, so that it always fits. */
static int answered(struct connection *to) {
    return send(to->fd, answer, answer_size, MSG_NOSIGNAL) == (ssize_t)answer_size;
}

/* Take bytes of a head; how many belong to it, or -1 where this is no request. */
static ssize_t take_head(struct connection *from, const char *bytes, size_t size) {
    size_t before = from->head_size;
    size_t room = MOST_HEAD - before;
    size_t taken = size < room ? size : room;
    memcpy(from->head + before, bytes, taken);
    from->head_size += taken;
    from->head[from->head_size] = '\0';
    /* The end may have begun in what came earlier. */
    char *end = strstr(from->head + (before < 3 ? 0 : before - 3), "\r\n\r\n");
    if (end == NULL) {
        return taken == size ? (ssize_t)taken : -1;
    }
    end[2] = '\0';
    from->body_left = announced(from->head);
    from->head_size = 0;
    return from->body_left < 0 ? -1 : end + 4 - (from->head + before);
}

/* Take what has come; 0 where the connection is of no more use. */
static int take(struct connection *from, const char *bytes, size_t size) {
    while (size > 0) {
        size_t taken;
        if (from->body_left > 0) {
            taken = (long long)size < from->body_left ? size : (size_t)from->body_left;
            from->body_left -= (long long)taken;
        } else {
            ssize_t of_head = take_head(from, bytes, size);
            if (of_head < 0) {
                return 0;
            }
            taken = (size_t)of_head;
        }
        bytes += taken;
        size -= taken;
        if (from->body_left == 0 && from->head_size == 0 && !answered(from)) {
            return 0;
        }
    }
    return 1;
}

static void serve(struct connection *from) {
    ssize_t size = recv(from->fd, piece, sizeof piece, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (size <= 0 || !take(from, piece, (size_t)size)) {
        drop(from);
    }
}

static void add(int poll, int fd, void *data) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0) {
        fail("epoll_ctl");
    }
}

static void open_connection(int poll, int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        return;
    }
    struct connection *opened = connections < MOST_CONNECTIONS ? calloc(1, sizeof *opened) : NULL;
    if (opened == NULL) {
        close(fd);
        return;
    }
    connections++;
    opened->fd = fd;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    add(poll, fd, opened);
}

/* A socket that listens on a free port of loopback, once the port was printed. */
static int listening(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 ||
        listen(listener, MOST_CONNECTIONS) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
        fail("listen");
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Wait for something to happen: awake at first, then asleep. */
static int wait_for(int poll, struct epoll_event *events) {
    long long until = 0;
    for (;;) {
        int happened = epoll_wait(poll, events, EVENTS, 0);
        if (happened != 0) {
            return happened;
        }
        long long now = nanoseconds();
        if (until == 0) {
            until = now + AWAKE;
        } else if (now > until) {
            return epoll_wait(poll, events, EVENTS, -1);
        }
    }
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: reader ANSWER\n");
        return 2;
    }
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        strlen(arguments[1]), arguments[1]);
    if (size < 0 || (size_t)size >= sizeof answer) {
        fprintf(stderr, "reader: the answer is too long\n");
        return 2;
    }
    answer_size = (size_t)size;
    int poll = epoll_create1(EPOLL_CLOEXEC);
    if (poll < 0) {
        fail("epoll_create1");
    }
    int listener = listening();
    add(poll, listener, &listener);
    add(poll, STDIN_FILENO, NULL);
    for (;;) {
        struct epoll_event events[EVENTS];
        int happened = wait_for(poll, events);
        if (happened < 0 && errno != EINTR) {
            fail("epoll_wait");
        }
        for (int at = 0; at < happened; at++) {
            if (events[at].data.ptr == NULL) {
                return 0;
            }
            if (events[at].data.ptr == &listener) {
                open_connection(poll, listener);
            } else {
                serve(events[at].data.ptr);
            }
        }
    }
}
