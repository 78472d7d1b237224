; Where a collection begins: the callee-saved registers go onto the stack, where the collector finds what they hold.

bits 32

extern HaukiCollectFrom

global HaukiCollectWithRegisters

section .text

; ecx = argument for HaukiCollectFrom(stack pointer, argument)
HaukiCollectWithRegisters:
        push    ebx
        push    esi
        push    edi
        push    ebp
        mov     edx, ecx
        mov     ecx, esp
        call    HaukiCollectFrom
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
        ret
