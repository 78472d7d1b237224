using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System.Threading.Tasks;

/// <summary>How far a task is.</summary>
public enum TaskStatus
{
    Created = 0,
    WaitingForActivation = 1,
    WaitingToRun = 2,
    Running = 3,
    WaitingForChildrenToComplete = 4,
    RanToCompletion = 5,
    Canceled = 6,
    Faulted = 7,
}

/// <summary>
/// Work that ends later. There is one thread: what is due stands in <see cref="TaskQueue"/>, and whoever waits for a
/// task works that queue off meanwhile.
/// </summary>
public class Task : IDisposable
{
    private static readonly Task Done = FromDone();

    private List<Action>? continuations;
    private TaskStatus status = TaskStatus.WaitingForActivation;
    private Exception? failure;

    internal Task()
    {
    }

    public Task(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Body = action;
        status = TaskStatus.Created;
    }

    public static Task CompletedTask => Done;

    public static TaskFactory Factory { get; } = new();

    public TaskStatus Status => status;

    public bool IsCompleted => status >= TaskStatus.RanToCompletion;

    public bool IsCompletedSuccessfully => status == TaskStatus.RanToCompletion;

    public bool IsFaulted => status == TaskStatus.Faulted;

    public bool IsCanceled => status == TaskStatus.Canceled;

    public AggregateException? Exception => status == TaskStatus.Faulted
        ? failure as AggregateException ?? new AggregateException(failure!)
        : null;

    internal Action? Body { get; init; }

    public static Task FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Task task = new();
        task.TryFail(exception);
        return task;
    }

    public static Task<TResult> FromException<TResult>(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Task<TResult> task = new();
        task.TryFail(exception);
        return task;
    }

    public static Task<TResult> FromResult<TResult>(TResult result)
    {
        Task<TResult> task = new();
        task.TryFinish(result);
        return task;
    }

    public static Task FromCanceled(CancellationToken cancellationToken)
    {
        Task task = new();
        task.TryFail(new TaskCanceledException());
        return task;
    }

    public static Task Run(Action action) => Factory.StartNew(action);

    public static Task<TResult> Run<TResult>(Func<TResult> function) => Factory.StartNew(function);

    public static async Task Run(Func<Task?> function)
    {
        await Yield();
        await function()!;
    }

    public static async Task<TResult> Run<TResult>(Func<Task<TResult>?> function)
    {
        await Yield();
        return await function()!;
    }

    public static YieldAwaitable Yield() => default;

    public static void WaitAll(params Task[] tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        List<Exception> failures = [];
        foreach (Task task in tasks)
        {
            TaskQueue.RunUntil(task);
            if (task.failure is not null)
            {
                failures.Add(task.failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    public static Task WhenAll(params Task[] tasks) => WhenAll((IEnumerable<Task>)tasks);

    public static Task WhenAll(params ReadOnlySpan<Task> tasks) => WhenAll((IEnumerable<Task>)tasks.ToArray());

    public static async Task WhenAll(IEnumerable<Task> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Exception? first = null;
        foreach (Task task in new List<Task>(tasks))
        {
            await new CompletionAwaitable(task);
            first ??= task.failure;
        }

        if (first is not null)
        {
            throw first;
        }
    }

    public static Task<TResult[]> WhenAll<TResult>(params Task<TResult>[] tasks) =>
        WhenAll((IEnumerable<Task<TResult>>)tasks);

    public static Task<TResult[]> WhenAll<TResult>(params ReadOnlySpan<Task<TResult>> tasks) =>
        WhenAll((IEnumerable<Task<TResult>>)tasks.ToArray());

    public static async Task<TResult[]> WhenAll<TResult>(IEnumerable<Task<TResult>> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        List<Task<TResult>> all = new(tasks);
        await WhenAll((IEnumerable<Task>)all);
        TResult[] results = new TResult[all.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = all[i].Result;
        }

        return results;
    }

    public static Task<Task> WhenAny(params Task[] tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Task<Task> any = new();
        foreach (Task task in tasks)
        {
            task.Then(() => any.TryFinish(task));
        }

        return any;
    }

    public static Task<Task> WhenAny(params ReadOnlySpan<Task> tasks) => WhenAny(tasks.ToArray());

    public void Start()
    {
        if (status != TaskStatus.Created)
        {
            throw new InvalidOperationException("Start may not be called on a task that was already started.");
        }

        status = TaskStatus.WaitingToRun;
        TaskQueue.Post(RunBody);
    }

    public void Wait()
    {
        TaskQueue.RunUntil(this);
        if (failure is not null)
        {
            throw new AggregateException(failure);
        }
    }

    public TaskAwaiter GetAwaiter() => new(this);

    public ConfiguredTaskAwaitable ConfigureAwait(bool continueOnCapturedContext) => new(this);

    public Task ContinueWith(Action<Task> continuationAction)
    {
        ArgumentNullException.ThrowIfNull(continuationAction);
        Task next = new(() => continuationAction(this));
        Then(next.RunBody);
        return next;
    }

    public Task<TResult> ContinueWith<TResult>(Func<Task, TResult> continuationFunction)
    {
        ArgumentNullException.ThrowIfNull(continuationFunction);
        Task<TResult> next = new(() => continuationFunction(this));
        Then(next.RunBody);
        return next;
    }

    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Calls when the task has ended; at once if it has.</summary>
    internal void Then(Action continuation)
    {
        if (IsCompleted)
        {
            TaskQueue.Post(continuation);
        }
        else
        {
            (continuations ??= []).Add(continuation);
        }
    }

    internal bool TryFinish() => TryEnd(TaskStatus.RanToCompletion, null);

    internal bool TryFail(Exception exception) =>
        TryEnd(exception is OperationCanceledException ? TaskStatus.Canceled : TaskStatus.Faulted, exception);

    internal void ThrowIfFailed()
    {
        TaskQueue.RunUntil(this);
        if (failure is not null)
        {
            Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    internal void RunBody()
    {
        status = TaskStatus.Running;
        try
        {
            InvokeBody();
        }
        catch (Exception thrown)
        {
            TryFail(thrown);
        }
    }

    private protected virtual void InvokeBody()
    {
        Body!();
        TryFinish();
    }

    private protected bool TryEnd(TaskStatus end, Exception? exception)
    {
        if (IsCompleted)
        {
            return false;
        }

        failure = exception;
        status = end;
        List<Action>? due = continuations;
        continuations = null;
        for (int i = 0; i < due?.Count; i++)
        {
            due[i]();
        }

        return true;
    }

    private static Task FromDone()
    {
        Task task = new();
        task.TryFinish();
        return task;
    }

    /// <summary>Awaits the end of a task and not its success.</summary>
    private readonly struct CompletionAwaitable(Task task) : INotifyCompletion
    {
        public bool IsCompleted => task.IsCompleted;

        public CompletionAwaitable GetAwaiter() => this;

        public void OnCompleted(Action continuation) => task.Then(continuation);

        public void GetResult()
        {
        }
    }
}

/// <summary>Work that ends later with a value.</summary>
public class Task<TResult> : Task
{
    private readonly Func<TResult>? function;
    private TResult? result;

    internal Task()
    {
    }

    public Task(Func<TResult> function)
        : base(Nothing)
    {
        ArgumentNullException.ThrowIfNull(function);
        this.function = function;
    }

    public static new TaskFactory<TResult> Factory { get; } = new();

    public TResult Result
    {
        get
        {
            Wait();
            return result!;
        }
    }

    public new TaskAwaiter<TResult> GetAwaiter() => new(this);

    public new ConfiguredTaskAwaitable<TResult> ConfigureAwait(bool continueOnCapturedContext) => new(this);

    public Task<TNew> ContinueWith<TNew>(Func<Task<TResult>, TNew> continuationFunction)
    {
        ArgumentNullException.ThrowIfNull(continuationFunction);
        Task<TNew> next = new(() => continuationFunction(this));
        Then(next.RunBody);
        return next;
    }

    public Task ContinueWith(Action<Task<TResult>> continuationAction)
    {
        ArgumentNullException.ThrowIfNull(continuationAction);
        Task next = new(() => continuationAction(this));
        Then(next.RunBody);
        return next;
    }

    internal TResult ResultOrThrow()
    {
        ThrowIfFailed();
        return result!;
    }

    internal bool TryFinish(TResult value)
    {
        if (IsCompleted)
        {
            return false;
        }

        result = value;
        return TryFinish();
    }

    private protected override void InvokeBody() => TryFinish(function!());

    private static void Nothing()
    {
    }
}

/// <summary>Starts tasks.</summary>
public class TaskFactory
{
    public Task StartNew(Action action)
    {
        Task task = new(action);
        task.Start();
        return task;
    }

    public Task<TResult> StartNew<TResult>(Func<TResult> function)
    {
        Task<TResult> task = new(function);
        task.Start();
        return task;
    }
}

/// <summary>Starts tasks with a value.</summary>
public class TaskFactory<TResult>
{
    public Task<TResult> StartNew(Func<TResult> function) => Task.Factory.StartNew(function);
}

/// <summary>What is due. The kernel's loop calls <see cref="RunOne"/>; so does whoever waits for a task.</summary>
public static class TaskQueue
{
    private static readonly Queue<Action> Due = new();

    public static int Count => Due.Count;

    public static void Post(Action action) => Due.Enqueue(action);

    /// <summary>Runs what has been due longest.</summary>
    /// <returns>False if nothing is due.</returns>
    public static bool RunOne()
    {
        if (!Due.TryDequeue(out Action? action))
        {
            return false;
        }

        action();
        return true;
    }

    internal static void RunUntil(Task task)
    {
        while (!task.IsCompleted)
        {
            if (!RunOne())
            {
                throw new InvalidOperationException("Waiting for a task that nothing can complete.");
            }
        }
    }
}

/// <summary>A task completed by hand.</summary>
public class TaskCompletionSource
{
    public Task Task { get; } = new();

    public void SetResult() => Require(TrySetResult());

    public bool TrySetResult() => Task.TryFinish();

    public void SetException(Exception exception) => Require(TrySetException(exception));

    public bool TrySetException(Exception exception) => Task.TryFail(exception);

    public void SetCanceled() => Require(TrySetCanceled());

    public bool TrySetCanceled() => Task.TryFail(new TaskCanceledException());

    internal static void Require(bool done)
    {
        if (!done)
        {
            throw new InvalidOperationException(
                "An attempt was made to transition a task to a final state when it had already completed.");
        }
    }
}

/// <summary>A task with a value, completed by hand.</summary>
public class TaskCompletionSource<TResult>
{
    public Task<TResult> Task { get; } = new();

    public void SetResult(TResult result) => TaskCompletionSource.Require(TrySetResult(result));

    public bool TrySetResult(TResult result) => Task.TryFinish(result);

    public void SetException(Exception exception) => TaskCompletionSource.Require(TrySetException(exception));

    public bool TrySetException(Exception exception) => Task.TryFail(exception);

    public void SetCanceled() => TaskCompletionSource.Require(TrySetCanceled());

    public bool TrySetCanceled() => Task.TryFail(new TaskCanceledException());
}

/// <summary>A task that was asked to stop, and did.</summary>
public class TaskCanceledException : OperationCanceledException
{
    public TaskCanceledException()
        : base("A task was canceled.")
    {
    }

    public TaskCanceledException(string? message)
        : base(message)
    {
    }
}
