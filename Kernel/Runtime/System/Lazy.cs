using System.Threading;

namespace System;

/// <summary>A value made when it is first wanted. A failure is remembered, too.</summary>
public class Lazy<T>
{
    private Func<T>? factory;
    private T? value;
    private Exception? failure;
    private bool running;

    public Lazy()
        : this(static () => Activator.CreateInstance<T>())
    {
    }

    public Lazy(T value)
    {
        this.value = value;
    }

    public Lazy(Func<T> valueFactory)
    {
        ArgumentNullException.ThrowIfNull(valueFactory);
        factory = valueFactory;
    }

    public Lazy(Func<T> valueFactory, bool isThreadSafe)
        : this(valueFactory)
    {
    }

    public Lazy(Func<T> valueFactory, LazyThreadSafetyMode mode)
        : this(valueFactory)
    {
    }

    public bool IsValueCreated => factory is null && failure is null;

    public T Value => factory is null && failure is null ? value! : Make();

    public override string? ToString() =>
        IsValueCreated ? Value!.ToString() : "Value is not created.";

    private T Make()
    {
        if (failure is not null)
        {
            throw failure;
        }

        if (running)
        {
            throw new InvalidOperationException("ValueFactory attempted to access the Value property.");
        }

        running = true;
        try
        {
            value = factory!();
        }
        catch (Exception thrown)
        {
            failure = thrown;
            throw;
        }
        finally
        {
            running = false;
        }

        factory = null;
        return value;
    }
}
