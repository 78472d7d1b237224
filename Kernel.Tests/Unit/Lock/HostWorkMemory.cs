using System;
using System.Runtime.InteropServices;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Unit.Lock;

/// <summary>Work memory from the host's own allocator, with a limit to play small machines.</summary>
public sealed class HostWorkMemory(long limit) : IWorkMemory
{
    private long lent;

    public long AvailableBytes => limit - lent;

    public long LentBytes => lent;

    public WorkBuffer Rent(long bytes)
    {
        if (bytes > AvailableBytes)
        {
            throw new OutOfMemoryException();
        }

        lent += bytes;
        return new Buffer(this, bytes);
    }

    private sealed unsafe class Buffer : WorkBuffer
    {
        private readonly HostWorkMemory owner;
        private byte* address;

        public Buffer(HostWorkMemory owner, long bytes)
        {
            this.owner = owner;
            Length = bytes;
            address = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 4096);
            NativeMemory.Clear(address, (nuint)bytes);
        }

        public override byte* Address => address;

        public override long Length { get; }

        public override void Dispose()
        {
            if (address != null)
            {
                NativeMemory.AlignedFree(address);
                address = null;
                owner.lent -= Length;
            }
        }
    }
}
