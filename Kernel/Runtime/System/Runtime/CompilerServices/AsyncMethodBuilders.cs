using System.Threading.Tasks;

namespace System.Runtime.CompilerServices;

/// <summary>A state machine that outlived its first run, moved to the heap with a delegate to go on.</summary>
internal sealed class StateMachineBox<TStateMachine> where TStateMachine : IAsyncStateMachine
{
    internal TStateMachine? Machine;

    internal void MoveNext() => Machine!.MoveNext();
}

/// <summary>Builds the task of an async method.</summary>
public struct AsyncTaskMethodBuilder
{
    private Task? task;
    private Action? goOn;

    public Task Task => Promise;

    private Task Promise => task ??= new Task();

    public static AsyncTaskMethodBuilder Create() => default;

    public void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine =>
        stateMachine.MoveNext();

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult() => Promise.TryFinish();

    public void SetException(Exception exception) => Promise.TryFail(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(GoOn(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(GoOn(ref stateMachine));

    private Action GoOn<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
    {
        if (goOn is not null)
        {
            return goOn;
        }

        // The task must exist before the machine is copied: both copies have to share it.
        _ = Promise;
        StateMachineBox<TStateMachine> box = new();
        goOn = box.MoveNext;
        Action first = goOn;

        // This builder is part of the machine: the copy on the heap carries the delegate from here on.
        box.Machine = stateMachine;
        return first;
    }
}

/// <summary>Builds the task of an async method with a value.</summary>
public struct AsyncTaskMethodBuilder<TResult>
{
    private Task<TResult>? task;
    private Action? goOn;

    public Task<TResult> Task => Promise;

    private Task<TResult> Promise => task ??= new Task<TResult>();

    public static AsyncTaskMethodBuilder<TResult> Create() => default;

    public void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine =>
        stateMachine.MoveNext();

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult(TResult result) => Promise.TryFinish(result);

    public void SetException(Exception exception) => Promise.TryFail(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(GoOn(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(GoOn(ref stateMachine));

    private Action GoOn<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
    {
        if (goOn is not null)
        {
            return goOn;
        }

        // The task must exist before the machine is copied: both copies have to share it.
        _ = Promise;
        StateMachineBox<TStateMachine> box = new();
        goOn = box.MoveNext;
        Action first = goOn;

        // This builder is part of the machine: the copy on the heap carries the delegate from here on.
        box.Machine = stateMachine;
        return first;
    }
}

/// <summary>Builds the value task of an async method.</summary>
public struct AsyncValueTaskMethodBuilder
{
    private Task? task;
    private Action? goOn;

    public ValueTask Task => new(Promise);

    private Task Promise => task ??= new Task();

    public static AsyncValueTaskMethodBuilder Create() => default;

    public void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine =>
        stateMachine.MoveNext();

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult() => Promise.TryFinish();

    public void SetException(Exception exception) => Promise.TryFail(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(GoOn(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(GoOn(ref stateMachine));

    private Action GoOn<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
    {
        if (goOn is not null)
        {
            return goOn;
        }

        // The task must exist before the machine is copied: both copies have to share it.
        _ = Promise;
        StateMachineBox<TStateMachine> box = new();
        goOn = box.MoveNext;
        Action first = goOn;

        // This builder is part of the machine: the copy on the heap carries the delegate from here on.
        box.Machine = stateMachine;
        return first;
    }
}

/// <summary>Builds the value task of an async method with a value.</summary>
public struct AsyncValueTaskMethodBuilder<TResult>
{
    private Task<TResult>? task;
    private Action? goOn;

    public ValueTask<TResult> Task => new(Promise);

    private Task<TResult> Promise => task ??= new Task<TResult>();

    public static AsyncValueTaskMethodBuilder<TResult> Create() => default;

    public void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine =>
        stateMachine.MoveNext();

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult(TResult result) => Promise.TryFinish(result);

    public void SetException(Exception exception) => Promise.TryFail(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(GoOn(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(GoOn(ref stateMachine));

    private Action GoOn<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
    {
        if (goOn is not null)
        {
            return goOn;
        }

        // The task must exist before the machine is copied: both copies have to share it.
        _ = Promise;
        StateMachineBox<TStateMachine> box = new();
        goOn = box.MoveNext;
        Action first = goOn;

        // This builder is part of the machine: the copy on the heap carries the delegate from here on.
        box.Machine = stateMachine;
        return first;
    }
}

/// <summary>Builds an async method that nobody awaits.</summary>
public struct AsyncVoidMethodBuilder
{
    private Action? goOn;

    public static AsyncVoidMethodBuilder Create() => default;

    public void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine =>
        stateMachine.MoveNext();

    public void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult()
    {
    }

    /// <summary>Nobody awaits it: the exception leaves through the queue.</summary>
    public void SetException(Exception exception) => TaskQueue.Post(() => throw exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(GoOn(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(GoOn(ref stateMachine));

    private Action GoOn<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
    {
        if (goOn is not null)
        {
            return goOn;
        }

        StateMachineBox<TStateMachine> box = new();
        goOn = box.MoveNext;
        Action first = goOn;

        // This builder is part of the machine: the copy on the heap carries the delegate from here on.
        box.Machine = stateMachine;
        return first;
    }
}
