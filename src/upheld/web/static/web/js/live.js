// What changes on the desk arrives here without a reload.
