using System;

namespace HaukiOS.Hardware;

/// <summary>A source of unpredictable bytes, good enough for keys.</summary>
public interface IRandomSource
{
    /// <summary>Fills the whole span.</summary>
    /// <exception cref="InvalidOperationException">The source has not yet gathered enough entropy.</exception>
    void Fill(Span<byte> into);
}

/// <summary>
/// Memory for one long computation, outside the collector's heap: big, short-lived, and wiped on return.
/// </summary>
public interface IWorkMemory
{
    /// <summary>The most bytes that <see cref="Rent"/> can give at this moment.</summary>
    long AvailableBytes { get; }

    /// <summary>Lends zeroed memory, 4096-byte aligned.</summary>
    /// <exception cref="OutOfMemoryException">The machine has not that much left.</exception>
    WorkBuffer Rent(long bytes);
}

/// <summary>A piece of <see cref="IWorkMemory"/>. Disposing it wipes every byte and gives it back.</summary>
public abstract unsafe class WorkBuffer : IDisposable
{
    /// <summary>The first byte.</summary>
    public abstract byte* Address { get; }

    /// <summary>Bytes in all.</summary>
    public abstract long Length { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>
/// The one thread for long computations. It has a stack of its own and shares nothing with the event loop but
/// what the job was given.
/// </summary>
public interface IBackgroundWorker
{
    /// <summary>Is a job running?</summary>
    bool IsBusy { get; }

    /// <summary>Starts a job. The job must catch its own exceptions; one that escapes is a panic.</summary>
    /// <exception cref="InvalidOperationException">A job is still running.</exception>
    void Start(Action job);
}

/// <summary>What the console can ask of the machine itself.</summary>
public interface IMachineControl
{
    /// <summary>Starts the machine anew. Does not return on the metal.</summary>
    void Reboot();

    /// <summary>Switches the machine off, or says that it may be switched off. Does not return on the metal.</summary>
    void PowerOff();
}
