// SPDX-License-Identifier: GPL-2.0
/* Background work with remote coverage. kcovreport_remote.h says what the module does
 * for a program. */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/kcov.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "kcovreport_remote.h"

/* One section on its way. Only the context that `request` names uses its member of the union. */
struct job {
	const struct kcovreport_remote *request;
	struct completion ended;
	union {
		struct kthread_work thread_work;
		struct work_struct work;
		struct tasklet_struct tasklet;
		struct timer_list timer;
		struct rcu_head rcu;
		struct task_struct *task;
	};
};

static struct kthread_worker *thread;
static struct workqueue_struct *queue;

/* A different salt keeps functions apart that would otherwise be the same code. */
static __always_inline void walk(u32 steps, u32 salt)
{
	for (; steps; steps--)
		asm volatile("" : "+r"(salt));
}

static noinline __noclone void kcovreport_in_kthread(u32 steps)
{
	walk(steps, 1);
}

static noinline __noclone void kcovreport_in_work(u32 steps)
{
	walk(steps, 2);
}

static noinline __noclone void kcovreport_in_softirq(u32 steps)
{
	walk(steps, 3);
}

static noinline __noclone void kcovreport_pre_nested(u32 steps)
{
	walk(steps, 4);
}

static noinline __noclone void kcovreport_in_nested(u32 steps)
{
	walk(steps, 5);
}

static noinline __noclone void kcovreport_post_nested(u32 steps)
{
	walk(steps, 6);
}

static noinline __noclone void kcovreport_in_timer(u32 steps)
{
	walk(steps, 9);
}

static noinline __noclone void kcovreport_in_rcu(u32 steps)
{
	walk(steps, 10);
}

static noinline __noclone void kcovreport_in_thread(u32 steps)
{
	walk(steps, 11);
}

static void run_calls(const struct kcovreport_remote *request, void (*function)(u32 steps))
{
	for (u32 i = 0; i < request->calls; i++)
		function(request->steps);
}

/* Sections that began. Programs wait for one to begin; they run one at a time. */
static unsigned int begun;
module_param(begun, uint, 0444);
MODULE_PARM_DESC(begun, "number of sections that began");

static void run_section(struct job *job, void (*function)(u32 steps))
{
	kcov_remote_start(job->request->handle);
	WRITE_ONCE(begun, begun + 1);
	run_calls(job->request, function);
	kcov_remote_stop();
	/* Comes last: the caller does not read the job before, but may have given up meanwhile. */
	complete(&job->ended);
}

static void thread_run(struct kthread_work *work)
{
	run_section(container_of(work, struct job, thread_work), kcovreport_in_kthread);
}

static void work_run(struct work_struct *work)
{
	run_section(container_of(work, struct job, work), kcovreport_in_work);
}

static void tasklet_run(struct tasklet_struct *tasklet)
{
	run_section(container_of(tasklet, struct job, tasklet), kcovreport_in_softirq);
}

static void nested_run(struct kthread_work *work)
{
	struct job *job = container_of(work, struct job, thread_work);

	kcov_remote_start(job->request->handle);
	run_calls(job->request, kcovreport_pre_nested);
	kcov_remote_start(job->request->handle);
	run_calls(job->request, kcovreport_in_nested);
	kcov_remote_stop();
	run_calls(job->request, kcovreport_post_nested);
	kcov_remote_stop();
	complete(&job->ended);
}

static void timer_run(struct timer_list *timer)
{
	run_section(container_of(timer, struct job, timer), kcovreport_in_timer);
}

static void rcu_run(struct rcu_head *head)
{
	run_section(container_of(head, struct job, rcu), kcovreport_in_rcu);
}

static int task_run(void *job)
{
	run_section(job, kcovreport_in_thread);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int job_start(struct job *job)
{
	switch (job->request->context) {
	case KCOVREPORT_KTHREAD:
		kthread_init_work(&job->thread_work, thread_run);
		kthread_queue_work(thread, &job->thread_work);
		break;
	case KCOVREPORT_NESTED:
		kthread_init_work(&job->thread_work, nested_run);
		kthread_queue_work(thread, &job->thread_work);
		break;
	case KCOVREPORT_WORK:
		INIT_WORK(&job->work, work_run);
		queue_work(queue, &job->work);
		break;
	case KCOVREPORT_SOFTIRQ:
		tasklet_setup(&job->tasklet, tasklet_run);
		/* A softirq that is pending when softirqs are enabled again runs in here. */
		local_bh_disable();
		tasklet_schedule(&job->tasklet);
		local_bh_enable();
		break;
	case KCOVREPORT_TIMER:
		timer_setup(&job->timer, timer_run, 0);
		mod_timer(&job->timer, jiffies + 1);
		break;
	case KCOVREPORT_RCU:
		call_rcu(&job->rcu, rcu_run);
		break;
	case KCOVREPORT_THREAD:
		job->task = kthread_run(task_run, job, "kcovreport_thread");
		return PTR_ERR_OR_ZERO(job->task);
	}
	return 0;
}

/* After this nothing uses the job: it has run, or never will. */
static void job_end(struct job *job)
{
	switch (job->request->context) {
	case KCOVREPORT_KTHREAD:
	case KCOVREPORT_NESTED:
		kthread_cancel_work_sync(&job->thread_work);
		break;
	case KCOVREPORT_WORK:
		cancel_work_sync(&job->work);
		break;
	case KCOVREPORT_SOFTIRQ:
		tasklet_kill(&job->tasklet);
		break;
	case KCOVREPORT_TIMER:
		timer_delete_sync(&job->timer);
		break;
	case KCOVREPORT_RCU:
		rcu_barrier();
		break;
	case KCOVREPORT_THREAD:
		kthread_stop(job->task);
		break;
	}
}

/* Runs sections until all are done or a signal arrives. */
static int request_run(struct kcovreport_remote *request)
{
	struct job *job = kzalloc(sizeof(*job), GFP_KERNEL);
	int err = 0;

	if (!job)
		return -ENOMEM;
	job->request = request;
	while (!err && request->done < request->sections) {
		/* If the section has already ended, the wait below neither reschedules
		 * nor sees a signal. */
		cond_resched();
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		init_completion(&job->ended);
		err = job_start(job);
		if (err)
			break;
		err = wait_for_completion_interruptible(&job->ended);
		job_end(job);
		/* The section may have run after the signal, but before it could be cancelled. */
		if (!err || completion_done(&job->ended))
			request->done++;
	}
	kfree(job);
	return err;
}

/* kcov_remote_start() warns about a handle that it does not know, and a warning may panic. */
static bool handle_valid(u64 handle)
{
	if (handle & ~(KCOV_SUBSYSTEM_MASK | KCOV_INSTANCE_MASK))
		return false;
	switch (handle & KCOV_SUBSYSTEM_MASK) {
	case KCOV_SUBSYSTEM_COMMON:
	case KCOV_SUBSYSTEM_USB:
		return true;
	}
	return false;
}

static bool request_valid(const struct kcovreport_remote *request)
{
	return request->context <= KCOVREPORT_THREAD && !request->padding &&
	       request->sections >= 1 && request->sections <= KCOVREPORT_MAX_SECTIONS &&
	       request->done <= request->sections && request->calls >= 1 &&
	       request->calls <= KCOVREPORT_MAX_TURNS &&
	       (u64)request->calls * request->steps <= KCOVREPORT_MAX_TURNS &&
	       handle_valid(request->handle);
}

static long remote_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct kcovreport_remote __user *user = (struct kcovreport_remote __user *)argument;
	struct kcovreport_remote request;
	int err;

	if (command != KCOVREPORT_REMOTE)
		return -ENOTTY;
	if (copy_from_user(&request, user, sizeof(request)))
		return -EFAULT;
	if (!request_valid(&request))
		return -EINVAL;
	if (!request.handle)
		request.handle = kcov_common_handle();
	err = request_run(&request);
	if (put_user(request.done, &user->done))
		return -EFAULT;
	return err;
}

static const struct file_operations remote_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = remote_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice remote_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = KCOVREPORT_DEVICE,
	.fops = &remote_operations,
	.mode = 0600,
};

static bool fail;
module_param(fail, bool, 0);
MODULE_PARM_DESC(fail, "the module's init fails, as if there were no device");

static noinline __noclone void __init kcovreport_in_init(u32 steps)
{
	walk(steps, 7);
}

static noinline __noclone void __exit kcovreport_in_exit(u32 steps)
{
	walk(steps, 8);
}

static int __init remote_init(void)
{
	int err;

	kcovreport_in_init(1);
	if (fail)
		return -ENODEV;
	thread = kthread_create_worker(0, "kcovreport");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	queue = alloc_workqueue("kcovreport", WQ_UNBOUND, 0);
	err = queue ? misc_register(&remote_device) : -ENOMEM;
	if (!err)
		return 0;
	if (queue)
		destroy_workqueue(queue);
	kthread_destroy_worker(thread);
	return err;
}

/* An open file holds the module, so no ioctl is running here. */
static void __exit remote_exit(void)
{
	kcovreport_in_exit(1);
	misc_deregister(&remote_device);
	destroy_workqueue(queue);
	kthread_destroy_worker(thread);
}

module_init(remote_init);
module_exit(remote_exit);

MODULE_DESCRIPTION("Background work with a known coverage, for the tests of kcovreport");
MODULE_AUTHOR("the kcovreport authors");
MODULE_LICENSE("GPL");
