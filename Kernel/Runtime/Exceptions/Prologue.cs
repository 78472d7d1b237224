namespace Internal.Runtime;

/// <summary>
/// What a method's prologue has done to the stack up to a place inside it, found by reading its instructions. The
/// compiler uses few: pushes, the frame pointer, making room in one of three ways, and touching pages.
/// </summary>
internal unsafe struct Prologue
{
    private const int SavesMax = 4;
    private const uint Ebx = 3;
    private const uint Ebp = 5;
    private const uint Esi = 6;
    private const uint Edi = 7;

    private uint savedRegisters; // four bits each, the first push lowest
    private int saves;

    /// <summary>Bytes between ESP and the return address.</summary>
    public uint PushedBytes;

    /// <summary>EBP already points to this frame.</summary>
    public bool HasFramePointer;

    /// <summary>Bytes of the saved registers, right below the return address.</summary>
    public readonly uint SavedBytes => (uint)saves * 4;

    /// <summary>Reads the instructions from the method's entry up to <paramref name="end"/>.</summary>
    public static Prologue Replay(byte* code, byte* end)
    {
        Prologue done = default;
        uint pendingRoom = 0; // computed by LEA, not yet in ESP
        while (code < end)
        {
            byte opcode = code[0];
            byte mode = code[1];
            if (opcode is >= 0x50 and <= 0x57) // push register
            {
                done.Push(opcode & 7u);
                code += 1;
            }
            else if (opcode == 0x8B && mode == 0xEC) // mov ebp, esp
            {
                done.HasFramePointer = true;
                code += 2;
            }
            else if (opcode == 0x83 && mode == 0xEC) // sub esp, byte: the frame is made
            {
                done.PushedBytes += code[2];
                return done;
            }
            else if (opcode == 0x81 && mode == 0xEC) // sub esp, word: the frame is made
            {
                done.PushedBytes += *(uint*)(code + 2);
                return done;
            }
            else if (opcode == 0x8D && mode == 0x84 && code[2] == 0x24) // lea eax, [esp - room]
            {
                pendingRoom = (uint)-*(int*)(code + 3);
                code += 7;
            }
            else if (opcode == 0xE8) // call the stack probe
            {
                code += 5;
            }
            else if (opcode == 0x8B && mode == 0xE0) // mov esp, eax: the frame is made
            {
                done.PushedBytes += pendingRoom;
                return done;
            }
            else if (opcode is 0x85 or 0x84 && (mode & 0xC7) == 0x84 && code[2] == 0x24) // test [esp - page], register
            {
                code += 7;
            }
            else
            {
                // Clearing locals and the like: comes after the frame was made, if any was.
                return done;
            }
        }

        return done;
    }

    /// <summary>Takes the saved registers back.</summary>
    /// <param name="returnAddress">Where the return address lies.</param>
    /// <param name="context">The registers at the present place.</param>
    public readonly void RestoreRegisters(uint* returnAddress, ref RegisterContext context)
    {
        for (int i = 0; i < saves; i++)
        {
            uint value = *(returnAddress - 1 - i);
            switch ((savedRegisters >> (4 * i)) & 15)
            {
                case Ebx: context.Ebx = value; break;
                case Ebp: context.Ebp = value; break;
                case Esi: context.Esi = value; break;
                case Edi: context.Edi = value; break;
            }
        }
    }

    private void Push(uint register)
    {
        PushedBytes += 4;
        // Other registers are pushed only to make room for a word.
        if (saves == SavesMax || register is not (Ebx or Ebp or Esi or Edi))
            return;
        savedRegisters |= register << (4 * saves);
        saves++;
    }
}
