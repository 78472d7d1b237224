using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Threading;

namespace System;

/// <summary>Something was asked to stop, and did.</summary>
public class OperationCanceledException : SystemException
{
    public OperationCanceledException()
        : base("The operation was canceled.")
    {
    }

    public OperationCanceledException(string? message)
        : base(message)
    {
    }

    public OperationCanceledException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public OperationCanceledException(CancellationToken token)
        : this()
    {
        CancellationToken = token;
    }

    public OperationCanceledException(string? message, CancellationToken token)
        : base(message)
    {
        CancellationToken = token;
    }

    public CancellationToken CancellationToken { get; }
}

/// <summary>Several failures at once.</summary>
public class AggregateException : Exception
{
    private readonly Exception[] failures;

    public AggregateException()
        : this("One or more errors occurred.", [])
    {
    }

    public AggregateException(string? message)
        : this(message, [])
    {
    }

    public AggregateException(params Exception[] innerExceptions)
        : this("One or more errors occurred.", innerExceptions)
    {
    }

    public AggregateException(IEnumerable<Exception> innerExceptions)
        : this("One or more errors occurred.", new List<Exception>(innerExceptions).ToArray())
    {
    }

    public AggregateException(string? message, Exception innerException)
        : this(message, [innerException])
    {
    }

    public AggregateException(string? message, params Exception[] innerExceptions)
        : base(message, innerExceptions.Length > 0 ? innerExceptions[0] : null)
    {
        failures = innerExceptions;
    }

    public ReadOnlyCollection<Exception> InnerExceptions => new(failures);

    public override string Message
    {
        get
        {
            Text.StringBuilder text = new(base.Message);
            foreach (Exception failure in failures)
            {
                text.Append(" (").Append(failure.Message).Append(')');
            }

            return text.ToString();
        }
    }

    public AggregateException Flatten()
    {
        List<Exception> flat = [];
        foreach (Exception failure in failures)
        {
            if (failure is AggregateException nested)
            {
                flat.AddRange(nested.Flatten().failures);
            }
            else
            {
                flat.Add(failure);
            }
        }

        return new AggregateException(base.Message, flat.ToArray());
    }

    public void Handle(Func<Exception, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        List<Exception> unhandled = [];
        foreach (Exception failure in failures)
        {
            if (!predicate(failure))
            {
                unhandled.Add(failure);
            }
        }

        if (unhandled.Count > 0)
        {
            throw new AggregateException(base.Message, unhandled.ToArray());
        }
    }

    public override Exception GetBaseException() =>
        failures.Length == 1 ? failures[0].GetBaseException() : this;
}

/// <summary>Something took too long.</summary>
public class TimeoutException : SystemException
{
    public TimeoutException()
        : base("The operation has timed out.")
    {
    }

    public TimeoutException(string? message)
        : base(message)
    {
    }

    public TimeoutException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
