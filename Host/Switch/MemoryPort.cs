using System;
using System.Threading;

namespace HaukiOS.Host.Switch;

/// <summary>
/// A port whose station is this very process: a test, or a campaign of mutated frames. Both directions are bounded
/// queues that any thread may use.
/// </summary>
public sealed class MemoryPort : SwitchPort
{
    /// <summary>Frames that wait in each direction at most.</summary>
    public const int QueueMax = 1024;

    private readonly FrameQueue toSwitch = new();
    private readonly FrameQueue toStation = new();
    private readonly byte[] buffer = new byte[SwitchFabric.FrameMax];
    private Action wake = static () => { };

    /// <summary>A port with nothing in it.</summary>
    public MemoryPort(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    internal override TimeSpan RetryAt => toSwitch.Count > 0 ? TimeSpan.Zero : TimeSpan.MaxValue;

    /// <summary>Sends a frame into the switch.</summary>
    /// <returns>False when the queue is full.</returns>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > SwitchFabric.FrameMax || !toSwitch.TryAdd(frame))
        {
            return false;
        }

        wake();
        return true;
    }

    /// <summary>Takes a frame that came out of the switch.</summary>
    /// <returns>False when none does within the time.</returns>
    public bool TryReceive(Span<byte> into, out int length, TimeSpan patience = default) =>
        toStation.TryTake(into, out length, patience);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <summary>Whom to wake when there is something to switch.</summary>
    internal void WakeBy(Action action) => wake = action;

    /// <inheritdoc/>
    internal override Delivery Send(ReadOnlySpan<byte> frame) =>
        toStation.TryAdd(frame) ? Delivery.Taken : Delivery.QueueFull;

    /// <inheritdoc/>
    internal override void OnReady(SwitchFabric fabric, TimeSpan now)
    {
        for (var frames = 0; frames < QueueMax && toSwitch.TryTake(buffer, out var length, default); frames++)
        {
            fabric.Receive(this, buffer.AsSpan(0, length), now);
        }
    }

    private sealed class FrameQueue
    {
        private readonly byte[] bytes = new byte[QueueMax * SwitchFabric.FrameMax];
        private readonly int[] lengths = new int[QueueMax];
        private readonly System.Threading.Lock gate = new();
        private readonly ManualResetEventSlim any = new();
        private int start;
        private int count;

        public int Count
        {
            get
            {
                lock (gate)
                {
                    return count;
                }
            }
        }

        public bool TryAdd(ReadOnlySpan<byte> frame)
        {
            lock (gate)
            {
                if (count == QueueMax)
                {
                    return false;
                }

                var at = (start + count++) % QueueMax;
                lengths[at] = frame.Length;
                frame.CopyTo(bytes.AsSpan(at * SwitchFabric.FrameMax));
                any.Set();
                return true;
            }
        }

        public bool TryTake(Span<byte> into, out int length, TimeSpan patience)
        {
            length = 0;
            if (patience > TimeSpan.Zero && !any.Wait(patience))
            {
                return false;
            }

            lock (gate)
            {
                if (count == 0)
                {
                    return false;
                }

                length = lengths[start];
                bytes.AsSpan(start * SwitchFabric.FrameMax, length).CopyTo(into);
                start = (start + 1) % QueueMax;
                if (--count == 0)
                {
                    any.Reset();
                }

                return true;
            }
        }
    }
}
