using System;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using Org.BouncyCastle.Crypto.Digests;

namespace HaukiOS.Net.Services;

/// <summary>Takes everything and says nothing (RFC 863).</summary>
public sealed class DiscardService : StreamService
{
    /// <inheritdoc/>
    public override string Name => "discard";

    internal override StreamSession Begin(TcpConnection connection) => new Session(this, connection);

    private sealed class Session(DiscardService service, TcpConnection connection) : StreamSession(service, connection)
    {
        protected override bool Work(Instant now)
        {
            while (Connection.Peek().Length is > 0 and int length)
            {
                Connection.Consume(length, now);
            }

            return Connection.IsReceiveClosed;
        }
    }
}

/// <summary>Sends back what it gets (RFC 862), as fast as the peer takes it.</summary>
public sealed class EchoService : StreamService
{
    /// <inheritdoc/>
    public override string Name => "echo";

    internal override StreamSession Begin(TcpConnection connection) => new Session(this, connection);

    private sealed class Session(EchoService service, TcpConnection connection) : StreamSession(service, connection)
    {
        protected override bool Work(Instant now)
        {
            while (true)
            {
                int sent = Connection.Send(Connection.Peek(), now);
                if (sent == 0)
                {
                    return Connection.IsReceiveClosed;
                }

                Connection.Consume(sent, now);
            }
        }
    }
}

/// <summary>
/// Reads until the peer has closed and answers with the SHA-256 of all of it, in small hexadecimal digits, a blank,
/// the number of bytes and a line feed: for tests that must know that every byte arrived once and in order.
/// </summary>
public sealed class DigestService : StreamService
{
    /// <summary>Bytes of one connection in one turn: one block costs far more than one packet.</summary>
    private const int BytesPerTurn = 4096;

    /// <inheritdoc/>
    public override string Name => "sha256";

    internal override StreamSession Begin(TcpConnection connection) => new Session(this, connection);

    private sealed class Session(DigestService service, TcpConnection connection) : StreamSession(service, connection)
    {
        private readonly Sha256Digest digest = new();
        private long length;

        protected override bool Work(Instant now)
        {
            for (int taken = 0; taken < BytesPerTurn;)
            {
                ReadOnlySpan<byte> bytes = Connection.Peek();
                if (bytes.IsEmpty)
                {
                    return Connection.IsReceiveClosed && Answer(now);
                }

                bytes = bytes.Slice(0, Math.Min(bytes.Length, BytesPerTurn - taken));
                int count = bytes.Length;
                digest.BlockUpdate(bytes);
                Connection.Consume(count, now);
                taken += count;
                length += count;
            }

            AskAgain();
            return false;
        }

        // The answer fits into what a connection may send before it has sent anything.
        private bool Answer(Instant now)
        {
            Span<byte> sum = stackalloc byte[digest.GetDigestSize()];
            digest.DoFinal(sum);
            Connection.Send(Encoding.UTF8.GetBytes($"{Hex.Format(sum)} {length}\n"), now);
            return true;
        }
    }
}

/// <summary>
/// Says one sentence to whoever comes and closes (RFC 865): the one service where it is the node that closes first.
/// </summary>
public sealed class QuoteService : StreamService
{
    /// <summary>The sentence.</summary>
    public const string Quote = "Nobody has ever seen a pike in a hurry.\n";

    /// <inheritdoc/>
    public override string Name => "quote";

    internal override StreamSession Begin(TcpConnection connection) => new Session(this, connection);

    private sealed class Session(QuoteService service, TcpConnection connection) : StreamSession(service, connection)
    {
        // What came with the peer's first segment is passed over: closing with it unread would break the connection
        // off. The sentence fits into what a connection may send before it has sent anything.
        protected override bool Work(Instant now)
        {
            Connection.Consume(Connection.Peek().Length, now);
            Connection.Send(Encoding.UTF8.GetBytes(Quote), now);
            return true;
        }
    }
}
