namespace HaukiOS.Loop;

/// <summary>
/// The one word between an interrupt handler and the event loop: "there is something for you". Setting it is a
/// single store, so a handler, the worker thread and the loop itself may all do it at any moment; nothing is lost,
/// because the loop clears the bit before it looks at the source and not after.
/// </summary>
public sealed class PendingBit
{
    private volatile bool isSet;

    /// <summary>Is the source waiting to be looked at?</summary>
    public bool IsSet => isSet;

    /// <summary>Asks the loop to look at the source. Callable from an interrupt handler.</summary>
    public void Set() => isSet = true;

    /// <summary>Clears the bit; true if it was set.</summary>
    internal bool Take()
    {
        if (!isSet)
        {
            return false;
        }

        isSet = false;
        return true;
    }
}
