using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>What kind of trouble; the message says the rest.</summary>
public enum StoreErrorKind
{
    /// <summary>The disk failed a request.</summary>
    Disk,

    /// <summary>Something on the disk does not authenticate.</summary>
    Damaged,

    /// <summary>The store is whole, but this is not its key.</summary>
    WrongKey,

    /// <summary>No room is left.</summary>
    Full,

    /// <summary>No such name.</summary>
    NotFound,

    /// <summary>The name or the value cannot be stored.</summary>
    Invalid,

    /// <summary>An earlier failure stopped all writing until the store is opened again.</summary>
    ReadOnly,

    /// <summary>Not now; nothing has changed.</summary>
    Busy,

    /// <summary>Written by a newer HaukiOS.</summary>
    FromTheFuture,

    /// <summary>The disk is too small, or holds no store.</summary>
    NoStore,
}

/// <summary>A failure, told to a person: what happened, the figures, what to do.</summary>
public sealed class StoreError(StoreErrorKind kind, string message)
{
    /// <summary>For code that has to decide.</summary>
    public StoreErrorKind Kind { get; } = kind;

    /// <summary>For people; the caller puts the command before it (<c>put: …</c>).</summary>
    public string Message { get; } = message;

    /// <inheritdoc/>
    public override string ToString() => Message;

    /// <summary>The disk refused: <c>the disk failed to write sectors 16 to 55: no answer in time</c>.</summary>
    internal static StoreError FromDisk(BlockResult result, string doing, SectorRegion where) =>
        new(StoreErrorKind.Disk, $"the disk failed to {doing} {where}: {Words(result)}");

    /// <summary>The disk could not make its writes durable.</summary>
    internal static StoreError FromFlush(BlockResult result) =>
        new(StoreErrorKind.Disk, $"the disk failed to flush: {Words(result)}");

    private static string Words(BlockResult result) => result switch
    {
        BlockResult.OutOfRange => "past the end of the disk",
        BlockResult.MediumError => "the medium is bad there",
        BlockResult.Timeout => "no answer in time",
        BlockResult.DeviceFault => "the device refused",
        BlockResult.NoDevice => "the disk is gone",
        _ => "no reason given",
    };
}
