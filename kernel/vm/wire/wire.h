/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire: frames between the relay on the host and the init in the guest, over one virtio-serial
 * port. One ordered byte stream carries everything, so the exit status always arrives after the
 * last byte of output. Each data stream has a window (stream.h). A reader that does not read
 * therefore stops its own stream and nothing else; the heartbeat goes on.
 *
 * The life of a wire:
 *
 *	guest				host
 *	READY  (mounts are done)  --->
 *				  <---  GO (wall clock)
 *	BEAT   (once a second)	  --->
 *	DATA, EOF, SHUT, CREDIT	  <-->	DATA, EOF, SHUT, CREDIT
 *				  <---	SIGNAL, WINSIZE
 *	STOPPED			  --->
 *	EXIT or FAIL		  --->	ends the machine
 *
 * The host may be stopped for any time, so the guest waits for that until the wire is closed.
 */
#ifndef KERNEL_VM_WIRE_WIRE_H
#define KERNEL_VM_WIRE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/vm/wire/buffer.h"

/* The name of the virtio-serial port. */
#define WIRE_PORT	 "org.kcovreport.wire"
#define WIRE_PAYLOAD_MAX (64 * 1024)
/*
 * An end that lets this much wait for it is broken. The windows of stream.h allow less: a frame
 * for each byte of three of them.
 */
#define WIRE_QUEUE_MAX (16 * 1024 * 1024)

enum frame_type {
	FRAME_READY = 1,
	FRAME_GO,      /* payload: struct wire_clock */
	FRAME_BEAT,    /* value: 1 if the terminal currently turns ^C into a signal */
	FRAME_DATA,    /* payload: bytes of @stream */
	FRAME_EOF,     /* the writer of @stream has ended */
	FRAME_SHUT,    /* the reader of @stream has gone away */
	FRAME_CREDIT,  /* value: bytes of @stream that the reader has consumed */
	FRAME_SIGNAL,  /* value: signal number; stream: enum signal_target */
	FRAME_WINSIZE, /* payload: struct winsize */
	FRAME_STOPPED, /* the command was stopped; value: by which signal */
	FRAME_EXIT, /* all is flushed and unmounted; value: the exit status, 128+N for a signal */
	FRAME_FAIL, /* the guest gives up; payload: why */
};

enum signal_target {
	SIGNAL_COMMAND, /* sent to us: to the command alone */
	SIGNAL_GROUP, /* sent to our process group, or typed on the terminal: to the command's group
		       */
};

/* x86 to x86: both ends have the same byte order. */
struct frame {
	uint8_t type;
	uint8_t stream;
	uint16_t zero;
	uint32_t value;
	uint32_t len;
};

struct wire_clock {
	int64_t seconds;
	int64_t nanoseconds;
};

struct wire {
	int fd; /* non-blocking */
	bool closed;
	bool deaf; /* the other end has closed, but what it sent before may still be unread */
	struct buffer in;
	struct buffer out;
};

/* Queue a frame. If the other end does not read, the wire is closed after WIRE_QUEUE_MAX bytes. */
void wire_send(struct wire *w, struct frame frame, const void *payload);

/* Read what has arrived. Returns false if the other end has closed or sends no valid frames. */
bool wire_fill(struct wire *w);

/*
 * Write what the wire accepts now. Returns false if the other end does not read any more. What it
 * sent before can still be read.
 */
bool wire_flush(struct wire *w);

/*
 * Take the next complete frame. Returns false if there is none yet, if the wire is closed, or if
 * the stream is damaged; then @w->closed is set. @ret_payload is valid until the next wire_fill().
 */
bool wire_next(struct wire *w, struct frame *ret_frame, const char **ret_payload);

void wire_deinit(struct wire *w);

#endif
